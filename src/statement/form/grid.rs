//! A sheet's cells, read within bounds: a workbook is a zip of XML, and may unpack to anything.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};

use calamine::{DataRef, Reader, Xlsx, XlsxError};
use zip::ZipArchive;

/// What is wrong, and what to do.
pub type Flaw = (String, &'static str);

/// What all parts of a workbook may unpack to, in bytes.
const UNPACKED: u64 = 256 << 20;
/// How many parts it may have.
const PARTS: usize = 10_000;
/// Cells with content that one sheet may have.
const CELLS: usize = 200_000;
/// Their text in all, in bytes.
const TEXT: usize = 64 << 20;
/// Different texts that all sheets together may have.
const TEXTS: u64 = 5_000_000;
/// No text is shorter in its part, in bytes: `<si/>`.
const SHORTEST: u64 = 5;
/// Merged regions that one sheet may have.
const MERGED: usize = 5_000;
/// Columns that are looked at.
pub const WIDTH: u32 = 256;

const SAVE_AS: &str = "open it in a spreadsheet and save it as .xlsx (Excel workbook)";
const NO_FORM: &str = "a statement of operation is far smaller: take out what is not part of it";

/// A workbook whose size is known to be bearable.
pub struct Workbook<'b> {
    xlsx: Xlsx<Cursor<&'b [u8]>>,
}

impl<'b> Workbook<'b> {
    /// Opens it, or says why it cannot be what it should.
    pub fn open(bytes: &'b [u8]) -> Result<Self, Flaw> {
        // The compound file of old .xls, and of .xlsx with a password (MS-OFFCRYPTO 2.3.4).
        if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
            let message = "is an old .xls, or is protected by a password".to_owned();
            return Err((message, "save it as .xlsx without a password"));
        }
        bounded(bytes)?;
        let xlsx = Xlsx::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
        Ok(Self { xlsx })
    }

    /// The sheets, in their order.
    pub fn names(&self) -> Vec<String> {
        self.xlsx.sheet_names()
    }

    /// A sheet's cells.
    pub fn sheet(&mut self, name: &str) -> Result<Grid, Flaw> {
        let merged = match self.xlsx.merge_cells_by_sheet_name(name) {
            Ok(merged) => merged,
            // A sheet of nothing but a chart.
            Err(XlsxError::WorksheetNotFound(_) | XlsxError::NotAWorksheet(_)) => {
                return Ok(Grid::default());
            }
            Err(error) => return Err(unreadable(&error)),
        };
        if merged.len() > MERGED {
            return Err((format!("has more than {MERGED} merged regions"), NO_FORM));
        }
        let mut grid = Grid::default();
        for region in merged {
            let columns = region.start.1..=region.end.1.min(WIDTH);
            for column in columns {
                let of_column = grid.merged.entry(column).or_default();
                of_column.insert(region.start.0, (region.end.0, region.start));
            }
        }
        let cells = self.xlsx.worksheet_cells_reader(name);
        let mut cells = cells.map_err(|error| unreadable(&error))?;
        let mut text = 0;
        while let Some(cell) =
            (cells.next_cell_with_formula_metadata()).map_err(|error| unreadable(&error))?
        {
            let (row, column) = cell.pos;
            let Some(value) = Value::of(&cell.value, cell.formula.is_some()) else {
                continue;
            };
            if column >= WIDTH {
                continue;
            }
            text += value.text().len();
            grid.cells.insert((row, column), value);
            if grid.cells.len() > CELLS || text > TEXT {
                let message = format!("has more than {CELLS} cells or {} MiB of text", TEXT >> 20);
                return Err((message, NO_FORM));
            }
        }
        Ok(grid)
    }
}

fn unreadable(error: &XlsxError) -> Flaw {
    (format!("cannot be read as a workbook: {error}"), SAVE_AS)
}

/// Unpacks everything once, to nowhere: what the zip declares may be a lie.
fn bounded(bytes: &[u8]) -> Result<(), Flaw> {
    let no_zip = |error| (format!("is not an .xlsx workbook: {error}"), SAVE_AS);
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(no_zip)?;
    if zip.len() > PARTS {
        return Err((format!("has more than {PARTS} parts"), NO_FORM));
    }
    let mut left = UNPACKED;
    for index in 0..zip.len() {
        let part = zip.by_index(index).map_err(no_zip)?;
        let mut counts = Counts::default();
        let read = io::copy(&mut part.take(left + 1), &mut counts);
        let read = read.map_err(|error| {
            let message = format!("part {} of it cannot be unpacked: {error}", index + 1);
            (message, SAVE_AS)
        })?;
        left = left.checked_sub(read).ok_or_else(|| {
            (
                format!("unpacks to more than {} MiB", UNPACKED >> 20),
                NO_FORM,
            )
        })?;
        if counts.largest > TEXTS.min(read / SHORTEST) {
            let message = format!("says that it has {} texts, and has not", counts.largest);
            return Err((message, SAVE_AS));
        }
    }
    Ok(())
}

/// The largest number of texts that a part says it has, whichever part that is: memory is taken for
/// as many before one is read.
#[derive(Default)]
struct Counts {
    largest: u64,
    held: Vec<u8>,
}

impl Counts {
    const NAME: &[u8] = b"uniqueCount";
    /// More than the name, what may stand around its value, and any number.
    const LONGEST: usize = 256;

    fn look(&mut self) {
        let found = self.held.windows(Self::NAME.len());
        for (at, _) in found.enumerate().filter(|(_, name)| *name == Self::NAME) {
            let value = self.held[at + Self::NAME.len()..].iter();
            let number = value
                .skip_while(|byte| b" \t\r\n=\"'+".contains(byte))
                .take_while(|byte| byte.is_ascii_digit())
                .fold(0_u64, |number, digit| {
                    let digit = u64::from(digit - b'0');
                    number.saturating_mul(10).saturating_add(digit)
                });
            self.largest = self.largest.max(number);
        }
    }
}

impl io::Write for Counts {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        self.look();
        // What stands at the end may go on in what comes next.
        let done = self.held.len().saturating_sub(Self::LONGEST);
        self.held.drain(..done);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a cell holds; of a formula, the value that was saved with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, or a date as text.
    Text(String),
    /// A number: `2.10` has become `2.1`.
    Number(String),
    /// A date: `2.1.3` may have become one.
    Date(String),
    /// True or false.
    Flag(bool),
    /// Such as `#REF!`.
    Error(String),
    /// Nothing was saved with a formula: no spreadsheet has worked it out.
    Unsaved,
}

impl Value {
    fn of(found: &DataRef<'_>, is_formula: bool) -> Option<Self> {
        Some(match found {
            DataRef::String(text) => Self::Text(clean(text)?),
            DataRef::SharedString(text) => Self::Text(clean(text)?),
            DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Self::Date(text.clone()),
            DataRef::Int(number) => Self::Number(number.to_string()),
            DataRef::Float(number) => Self::Number(number.to_string()),
            DataRef::DateTime(date) => {
                let (year, month, day, ..) = date.to_ymd_hms_milli();
                Self::Date(format!("{year:04}-{month:02}-{day:02}"))
            }
            DataRef::Bool(flag) => Self::Flag(*flag),
            DataRef::Error(error) => Self::Error(error.to_string()),
            DataRef::Empty if is_formula => Self::Unsaved,
            DataRef::Empty => return None,
        })
    }

    /// The value as text.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Number(text) | Self::Date(text) | Self::Error(text) => text,
            Self::Flag(true) => "TRUE",
            Self::Flag(false) => "FALSE",
            Self::Unsaved => "",
        }
    }
}

/// The text with plain line ends and without characters that no text has; `None` if it is blank.
fn clean(text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return None;
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept = |c: char| {
        if c.is_control() && !matches!(c, '\n' | '\t') {
            '\u{fffd}'
        } else {
            c
        }
    };
    Some(text.chars().map(kept).collect())
}

/// Row and column, from 0.
pub type Position = (u32, u32);

/// The cells that hold something.
#[derive(Debug, Default)]
pub struct Grid {
    cells: BTreeMap<Position, Value>,
    /// By column and first row: the last row, and the cell that holds the region's value.
    merged: BTreeMap<u32, BTreeMap<u32, (u32, Position)>>,
}

impl Grid {
    /// The rows that hold something, in order.
    pub fn rows(&self) -> impl Iterator<Item = u32> + '_ {
        let mut last = None;
        self.cells
            .keys()
            .map(|(row, _)| *row)
            .filter(move |row| last.replace(*row) != Some(*row))
    }

    /// The cells of a row that hold something themselves.
    pub fn row(&self, row: u32) -> impl Iterator<Item = (u32, &Value)> {
        let cells = self.cells.range((row, 0)..(row + 1, 0));
        cells.map(|((_, column), value)| (*column, value))
    }

    /// What a cell shows, and where that stands: in a merged region, at its first cell.
    pub fn at(&self, row: u32, column: u32) -> Option<(Position, &Value)> {
        let position = self.origin(row, column);
        Some((position, self.cells.get(&position)?))
    }

    /// The first cell of the merged region in which a cell lies; else the cell itself.
    pub fn origin(&self, row: u32, column: u32) -> Position {
        let of_column = self.merged.get(&column);
        let region = of_column.and_then(|regions| regions.range(..=row).next_back());
        match region {
            Some((_, (last, origin))) if row <= *last => *origin,
            _ => (row, column),
        }
    }
}
