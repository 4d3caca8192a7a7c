//! One sheet's look: the same typeface, colours and page for all of them.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::cells;
use crate::assess::EngagementSummary;

type Result<T> = std::result::Result<T, XlsxError>;

/// The typeface that Korean Windows has; others put their own in its place.
const FONT: &str = "맑은 고딕";
/// Height of a row and width of a column of which nothing is said, in pixels.
pub(super) const DEFAULT_PIXELS: (u32, u32) = (20, 64);
/// Of the lines between cells.
const GREY: Color = Color::RGB(0x00BF_BFBF);
/// A4 in the numbering of print settings.
const A4: u8 = 9;
/// Heights in points: of a line of 10 points, of the title, and the most that a row can have
/// (ECMA-376's readers: 409.5).
const LINE_HEIGHT: f64 = 13.5;
const TITLE_HEIGHT: f64 = 26.0;
const MOST_HEIGHT: f64 = 409.5;
/// The most lines of a row that are seen.
pub(super) const MOST_LINES: usize = 30;
/// Characters of a text in the footer, which holds 255 UTF-16 code units in all.
const IN_THE_FOOTER: usize = 40;

/// How a cell looks. No state is a colour alone: the cell says it in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// The sheet's title.
    Title,
    /// A line below the title.
    Line,
    /// A column's heading.
    Heading,
    /// A row of an area.
    Area,
    /// A row of a domain.
    Domain,
    /// Text.
    Text,
    /// A short text: an id, a word.
    Short,
    /// A count.
    Count,
    /// Something that fails.
    Failing,
    /// Something that is open.
    Open,
    /// Something that does not apply.
    Aside,
}

impl Look {
    /// All of them, in their order.
    const ALL: [Self; 11] = [
        Self::Title,
        Self::Line,
        Self::Heading,
        Self::Area,
        Self::Domain,
        Self::Text,
        Self::Short,
        Self::Count,
        Self::Failing,
        Self::Open,
        Self::Aside,
    ];

    /// Whether a long text goes on in further lines.
    fn wraps(self) -> bool {
        !matches!(self, Self::Title | Self::Line | Self::Area | Self::Domain)
    }

    fn format(self) -> Format {
        let plain = plain().set_num_format("@").set_align(FormatAlign::Top);
        let boxed = plain
            .clone()
            .set_border(FormatBorder::Thin)
            .set_border_color(GREY)
            .set_text_wrap();
        let short = boxed.clone().set_align(FormatAlign::Center);
        let filled = |format: Format, colour: u32| format.set_background_color(Color::RGB(colour));
        match self {
            Self::Title => plain.set_font_size(16).set_bold(),
            Self::Line => plain,
            Self::Heading => {
                let bold = boxed.set_bold().set_align(FormatAlign::Center);
                filled(bold.set_align(FormatAlign::VerticalCenter), 0x00D9_E2F3)
            }
            Self::Area => filled(banded(plain).set_font_size(11), 0x00D0_D5DD),
            Self::Domain => filled(banded(plain), 0x00F0_F2F5),
            Self::Text => boxed,
            Self::Short => short,
            Self::Count => {
                let right = boxed.set_align(FormatAlign::Right).set_indent(1);
                right.set_num_format("#,##0")
            }
            Self::Failing => filled(short.set_bold(), 0x00F8_D7CD),
            Self::Open => filled(short, 0x00FF_F2CC),
            Self::Aside => filled(short, 0x00ED_EDED),
        }
    }
}

/// The typeface of all cells.
pub(super) fn plain() -> Format {
    Format::new().set_font_name(FONT).set_font_size(10)
}

/// A row that stands over others: its text runs on to the right, so nothing is wrapped.
fn banded(format: Format) -> Format {
    format
        .set_bold()
        .set_border_top(FormatBorder::Thin)
        .set_border_bottom(FormatBorder::Thin)
        .set_border_color(GREY)
}

/// The applicant and the sheet, page n / N, the period.
fn footer(name: &str, engagement: &EngagementSummary) -> String {
    let plain = |text: &str| {
        let shown = cells::visible(text);
        let short: String = shown.chars().take(IN_THE_FOOTER).collect();
        // `&` begins a code in a footer (ECMA-376 part 1, 18.3.1.46).
        short.replace('&', "&&")
    };
    let organization = plain(&engagement.organization);
    let period = plain(&engagement.period.label);
    format!("&L{organization} · {name}&C&P / &N&R{period}")
}

/// A sheet that is written from the top.
pub(super) struct Page<'w> {
    sheet: &'w mut Worksheet,
    /// By look: a format is made once, not for each of many cells.
    formats: [Format; Look::ALL.len()],
    widths: Vec<f64>,
    /// The next row to be written.
    row: u32,
    /// How many lines its highest cell takes.
    lines: usize,
}

impl<'w> Page<'w> {
    /// A sheet as landscape A4, as wide as the paper, with page n / N.
    pub(super) fn new(
        sheet: &'w mut Worksheet,
        name: &str,
        engagement: &EngagementSummary,
        widths: &[f64],
    ) -> Result<Self> {
        sheet
            .set_name(name)?
            .set_landscape()
            .set_paper_size(A4)
            .set_print_fit_to_pages(1, 0)
            .set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3)
            .set_footer(footer(name, engagement));
        for (column, width) in (0..).zip(widths) {
            sheet.set_column_width(column, *width)?;
        }
        Ok(Self {
            sheet,
            formats: Look::ALL.map(Look::format),
            widths: widths.to_vec(),
            row: 0,
            lines: 1,
        })
    }

    /// The title and the lines below it, each in one cell from which it runs on.
    pub(super) fn title(&mut self, title: &str, lines: &[String]) -> Result<()> {
        self.one(title, Look::Title)?;
        for line in lines {
            self.one(line, Look::Line)?;
        }
        Ok(())
    }

    fn one(&mut self, text: &str, look: Look) -> Result<()> {
        self.text(0, text, usize::MAX, look)?;
        if look == Look::Title {
            self.sheet.set_row_height(self.row, TITLE_HEIGHT)?;
        }
        self.next()
    }

    /// The columns' headings: they stay on the screen, and come again on every printed page.
    pub(super) fn headings<'t>(
        &mut self,
        headings: impl IntoIterator<Item = &'t str>,
    ) -> Result<()> {
        for (column, heading) in (0..).zip(headings) {
            self.text(column, heading, usize::MAX, Look::Heading)?;
        }
        self.sheet.set_repeat_rows(self.row, self.row)?;
        self.next()?;
        self.sheet.set_freeze_panes(self.row, 1)?;
        Ok(())
    }

    /// A row over all columns.
    pub(super) fn band(&mut self, cells: [&str; 2], look: Look) -> Result<()> {
        for column in 0..self.columns() {
            let text = cells.get(usize::from(column)).copied().unwrap_or_default();
            self.text(column, text, usize::MAX, look)?;
        }
        self.next()
    }

    /// A cell of the current row; an empty one has its look all the same.
    pub(super) fn text(&mut self, column: u16, text: &str, most: usize, look: Look) -> Result<()> {
        let shown = cells::cell(text, most);
        if look.wraps() {
            let width = self.widths.get(usize::from(column)).copied();
            let lines = cells::lines(&shown, width.unwrap_or_default());
            self.lines = self.lines.max(lines);
        }
        let format = &self.formats[look as usize];
        self.sheet
            .write_string_with_format(self.row, column, shown, format)?;
        Ok(())
    }

    /// A count of the current row.
    pub(super) fn count(&mut self, column: u16, count: f64) -> Result<()> {
        let format = &self.formats[Look::Count as usize];
        self.sheet
            .write_number_with_format(self.row, column, count, format)?;
        Ok(())
    }

    /// Goes on to the next row.
    ///
    /// A row of several lines is given its height: not every program finds it by itself.
    pub(super) fn next(&mut self) -> Result<()> {
        if self.lines > 1 {
            let lines = u16::try_from(self.lines).unwrap_or(u16::MAX);
            let height = f64::from(lines) * LINE_HEIGHT + 3.0;
            self.sheet
                .set_row_height(self.row, height.min(MOST_HEIGHT))?;
        }
        self.lines = 1;
        self.row += 1;
        Ok(())
    }

    fn columns(&self) -> u16 {
        u16::try_from(self.widths.len()).expect("few columns")
    }

    /// Lets the rows from the headings at `first` on be filtered.
    pub(super) fn filter_from(&mut self, first: u32) -> Result<()> {
        let last = self.row.saturating_sub(1).max(first);
        self.sheet.autofilter(first, 0, last, self.columns() - 1)?;
        Ok(())
    }

    /// The row that is written next.
    pub(super) fn at(&self) -> u32 {
        self.row
    }
}
