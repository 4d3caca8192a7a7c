//! The words of the forms in use: what columns are called, and how `Y` and `N` are written.

use unicode_normalization::UnicodeNormalization;

/// What a column of a form says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Its number, perhaps with the title behind it.
    Control,
    /// Whether it is selected.
    Selected,
    /// How it is operated, or why it is not selected.
    Operation,
    /// Policies with clause numbers.
    Documents,
    /// Records.
    Records,
    /// Why it is not selected, where that has a column of its own.
    Reason,
    /// What the control table says already.
    Known,
}

/// Columns by their names: without spaces, before the first bracket, in lower case.
const COLUMNS: [(Field, &[&str]); 7] = [
    (
        Field::Control,
        &[
            "항목",
            "항목번호",
            "통제항목",
            "통제항목번호",
            "통제번호",
            "인증기준",
            "인증항목",
            "인증기준번호",
            "기준번호",
            "번호",
            "no",
            "no.",
            "id",
            "control",
            "controlid",
            "control_id",
        ],
    ),
    (
        Field::Selected,
        &[
            "운영여부",
            "선정여부",
            "선택여부",
            "적용여부",
            "운영유무",
            "선정",
            "y/n",
            "selected",
            "applicable",
        ],
    ),
    (
        Field::Operation,
        &[
            "운영현황",
            "운영내용",
            "운영현황및미선정사유",
            "운영현황또는미선정사유",
            "운영현황또는미선택사유",
            "운영현황/미선정사유",
            "이행현황",
            "operation",
            "implementation",
        ],
    ),
    (
        Field::Documents,
        &[
            "관련문서",
            "관련문서명",
            "관련규정",
            "관련지침",
            "관련정책",
            "documents",
        ],
    ),
    (
        Field::Records,
        &[
            "기록",
            "증적",
            "증적자료",
            "기록및증적",
            "기록/증적",
            "기록/증적자료",
            "운영증적",
            "records",
            "evidence",
        ],
    ),
    (
        Field::Reason,
        &[
            "미선정사유",
            "미선택사유",
            "미운영사유",
            "미적용사유",
            "제외사유",
            "reason",
            "reason_not_selected",
        ],
    ),
    (
        Field::Known,
        &[
            "상세내용",
            "세부내용",
            "항목명",
            "통제항목명",
            "인증구분",
            "구분",
            "분야",
            "영역",
            "title",
            "scheme",
            "title_ko",
            "title_en",
        ],
    ),
];

const YES: [&str; 21] = [
    "y", "yes", "o", "○", "◯", "〇", "●", "◎", "v", "✓", "✔", "☑", "예", "네", "선정", "선택",
    "운영", "적용", "해당", "유", "true",
];
const NO: [&str; 18] = [
    "n",
    "no",
    "x",
    "×",
    "✕",
    "✗",
    "✘",
    "아니오",
    "아니요",
    "미선정",
    "미선택",
    "미운영",
    "미적용",
    "해당없음",
    "비해당",
    "n/a",
    "무",
    "false",
];

/// What a column of this name says.
pub fn field(name: &str) -> Option<Field> {
    let name = plain(name);
    let before = name.split(['(', '[', '（']).next().unwrap_or_default();
    let named = |text: &str| {
        let mut columns = COLUMNS.iter();
        columns
            .find(|(_, names)| names.contains(&text))
            .map(|(field, _)| *field)
    };
    named(before).or_else(|| named(&name.replace(['(', ')', '（', '）'], "")))
}

/// The first names of each column that can be taken in.
pub fn known() -> Vec<&'static str> {
    let taken = COLUMNS.iter().filter(|(field, _)| *field != Field::Known);
    taken
        .filter_map(|(_, names)| names.first().copied())
        .collect()
}

/// Whether a cell says that a control is selected; `None` if it says neither.
pub fn selected(text: &str) -> Option<bool> {
    let text = plain(text);
    if YES.contains(&text.as_str()) {
        Some(true)
    } else {
        NO.contains(&text.as_str()).then_some(false)
    }
}

/// Without white space, in lower case, full-width signs as plain ones.
fn plain(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    // A workbook from a Mac may have its Hangul taken apart.
    let kept = text.nfc().filter(|c| !c.is_whitespace()).map(narrow);
    kept.flat_map(char::to_lowercase).collect()
}

/// The number at the start of a cell: `2.1.1`, `2.1.1.`, `2. 1. 1 정책의 유지관리`.
pub fn number(text: &str) -> Option<String> {
    let mut number = String::new();
    let mut characters = text.trim().chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '0'..='9' => number.push(character),
            '０'..='９' => number.push(char::from_u32(u32::from(character) - 0xfee0)?),
            '.' | '．' => number.push('.'),
            ' ' if number.ends_with('.') && characters.peek().is_some_and(char::is_ascii_digit) => {
            }
            _ => break,
        }
    }
    let number = number.trim_end_matches('.');
    (!number.is_empty()).then(|| number.to_owned())
}
