//! Forms as organisations have them, and forms that nobody should have.

use std::io::{Cursor, Read as _, Write as _};

use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet, XlsxError};

use super::*;

/// A workbook of one sheet.
fn workbook(fill: impl Fn(&mut Worksheet) -> Result<(), XlsxError>) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("명세서").expect("a name");
    fill(sheet).expect("filled");
    workbook.save_to_buffer().expect("memory")
}

/// A workbook of texts, `|` between cells.
fn texts(rows: &[&str]) -> Vec<u8> {
    workbook(|sheet| {
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(cells.split('|')) {
                if !cell.is_empty() {
                    sheet.write_string(row, column, cell)?;
                }
            }
        }
        Ok(())
    })
}

fn form(bytes: &[u8]) -> Form {
    read("f.xlsx", bytes).expect("no fault")
}

fn faults(bytes: &[u8]) -> Vec<String> {
    let faults = read("f.xlsx", bytes).expect_err("faults");
    assert!(faults.iter().all(|fault| !fault.hint.is_empty()));
    faults.iter().map(ToString::to_string).collect()
}

fn row<'f>(form: &'f Form, id: &str) -> &'f FormRow {
    &form.rows[&id.parse().expect("a number")]
}

#[test]
fn the_form_in_common_use_is_taken_in_below_its_titles() {
    let read = form(&texts(&[
        "운영명세서",
        "",
        "작성일: 2026-10-01||||||",
        "항목|상세내용|운영여부|인증구분|운영현황(또는 미선택사유)|관련문서(정책, 지침 등 세부조항번호까지)|기록(증적자료)|비고",
        "1. 관리체계 수립 및 운영",
        "1.1|관리체계 기반 마련",
        "1.1.1|경영진의 참여|Y|ISMS|분기마다 보고한다|정책서 제5조|회의록\n조직도; 대장|x",
        "2.10.5|정보전송 보안|N|ISMS|전송하지 않음||",
        "2.1.1|정책의 유지관리|||",
        "※ 작성 방법",
    ]));
    assert_eq!(
        row(&read, "1.1.1"),
        &FormRow {
            selected: Some(true),
            operation: "분기마다 보고한다".into(),
            documents: "정책서 제5조".into(),
            records: vec!["회의록".into(), "조직도".into(), "대장".into()],
            reason_not_selected: String::new(),
        }
    );
    assert_eq!(row(&read, "2.10.5").selected, Some(false));
    assert_eq!(row(&read, "2.10.5").reason_not_selected, "전송하지 않음");
    assert_eq!(row(&read, "2.10.5").operation, "");
    assert_eq!(row(&read, "2.1.1"), &FormRow::default());
    assert_eq!(read.headers, ["명세서!4"]);
    assert_eq!(read.ignored_columns, ["명세서!H4 비고"]);
    assert_eq!(read.ignored_rows, ["명세서!A10 ※ 작성 방법"]);
    assert_eq!(read.rows.len(), 3);
}

#[test]
fn other_names_other_orders_and_other_signs_are_known() {
    let read = form(&texts(&[
        "선정 여부\n(Y/N)|인증기준|미선정 사유|기록 (증적)|운영 현황|비고",
        "○|1.1.1 경영진의 참여||a|함",
        "×|2. 2. 1. 주요 직무자|없음|",
        "\u{110b}\u{1168}|２．１．２|||",
        "미선정|2.1.3|| |",
        "ｙ|3.1.1|||",
        "해당 없음|3.1.2|||",
        "선정 여부|인증기준",
    ]));
    let selected: Vec<_> = read.rows.values().map(|row| row.selected).collect();
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(selected, [yes, yes, no, no, yes, no]);
    assert_eq!(row(&read, "1.1.1").operation, "함");
    assert_eq!(row(&read, "2.2.1").reason_not_selected, "없음");
    assert_eq!(read.ignored_rows, ["명세서!A8 선정 여부"]);
}

#[test]
fn merged_headings_and_cells_stand_for_all_that_they_cover() {
    let plain = Format::new();
    let read = form(&workbook(|sheet| {
        sheet.merge_range(0, 0, 0, 6, "운영명세서", &plain)?;
        sheet.merge_range(1, 0, 1, 1, "분야", &plain)?;
        sheet.merge_range(1, 2, 1, 3, "항목", &plain)?;
        for (column, name) in [(4, "운영여부"), (5, "운영현황"), (6, "기록")] {
            sheet.write_string(1, column, name)?;
        }
        sheet.merge_range(2, 0, 4, 0, "1.1", &plain)?;
        sheet.merge_range(2, 1, 4, 1, "관리체계 기반 마련", &plain)?;
        // One control over two rows, and one text for two controls.
        sheet.merge_range(2, 2, 3, 2, "1.1.1", &plain)?;
        sheet.merge_range(2, 4, 3, 4, "Y", &plain)?;
        sheet.write_string(2, 5, "보고한다")?;
        sheet.write_string(2, 6, "회의록")?;
        sheet.write_string(3, 6, "보고서")?;
        sheet.write_string(4, 2, "1.1.2")?;
        sheet.write_string(5, 2, "1.1.3")?;
        sheet.merge_range(4, 4, 5, 4, "Y", &plain)?;
        sheet.merge_range(4, 5, 5, 5, "지정한다", &plain)?;
        sheet.merge_range(6, 0, 6, 6, "2. 보호대책 요구사항", &plain)?;
        Ok(())
    }));
    assert_eq!(row(&read, "1.1.1").records, ["회의록", "보고서"]);
    assert_eq!(row(&read, "1.1.1").operation, "보고한다");
    for id in ["1.1.2", "1.1.3"] {
        assert_eq!(row(&read, id).operation, "지정한다", "{id}");
        assert_eq!(row(&read, id).selected, Some(true), "{id}");
    }
    assert_eq!(read.rows.len(), 3);
}

#[test]
fn a_form_may_have_a_sheet_an_area() {
    let mut workbook = Workbook::new();
    for (name, id) in [
        ("1. 관리체계", "1.1.1"),
        ("안내", ""),
        ("2. 보호대책", "2.1.1"),
    ] {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name).expect("a name");
        if !id.is_empty() {
            sheet.write_string(0, 0, "항목").expect("written");
            sheet.write_string(0, 1, "운영여부").expect("written");
            sheet.write_string(1, 0, id).expect("written");
            sheet.write_string(1, 1, "Y").expect("written");
        }
    }
    let read = form(&workbook.save_to_buffer().expect("memory"));
    assert_eq!(read.rows.len(), 2);
    assert_eq!(read.headers, ["1. 관리체계!1", "2. 보호대책!1"]);
}

#[test]
fn every_fault_is_named_by_its_cell_in_one_run() {
    let bytes = workbook(|sheet| {
        let header = ["항목", "운영여부", "운영현황", "기록", "증적"];
        for (column, name) in (0..).zip(header) {
            sheet.write_string(0, column, name)?;
        }
        sheet.write_number(1, 0, 2.1)?;
        sheet.write_string(1, 1, "Y")?;
        sheet.write_number(2, 0, 2.1)?;
        sheet.write_string(3, 0, "2.1.1")?;
        sheet.write_string(3, 1, "아마")?;
        sheet.write_string(4, 0, "2.1.1")?;
        sheet.write_string(5, 0, "2.99.1")?;
        sheet.write_string(6, 1, "N")?;
        let date = Format::new().set_num_format("yyyy.m.d");
        sheet.write_number_with_format(7, 0, 37_000, &date)?;
        sheet.write_string(8, 0, "2.1.2")?;
        sheet.write_formula(8, 2, Formula::new("=A1").set_result("#REF!"))?;
        Ok(())
    });
    assert_eq!(
        faults(&bytes),
        [
            "f.xlsx:1:5: 명세서!E1: `증적` says the same as 명세서!D1",
            "f.xlsx:2:1: 명세서!A2: `2.1` is not an item",
            "f.xlsx:4:2: 명세서!B4: `아마` is neither `Y` nor `N`",
            "f.xlsx:5:1: 명세서!A5: `2.1.1` stands in 명세서!A4 already",
            "f.xlsx:6:1: 명세서!A6: `2.99.1` is not a control of isms-p 2023-10-31",
            "f.xlsx:7:1: 명세서!A7: names no control, though the row says whether one is selected",
            "f.xlsx:8:1: 명세서!A8: is a date: a spreadsheet has taken the control's number for one",
            "f.xlsx:9:3: 명세서!C9: is the error `#REF!`",
        ]
    );
}

#[test]
fn the_saved_value_of_a_formula_is_taken_and_numbers_and_dates_are_text() {
    let read = form(&workbook(|sheet| {
        for (column, name) in (0..).zip(["항목", "운영여부", "운영현황", "관련문서", "기록"])
        {
            sheet.write_string(0, column, name)?;
        }
        sheet.write_formula(1, 0, Formula::new("=\"2.1\"&\".1\"").set_result("2.1.1"))?;
        sheet.write_boolean(1, 1, true)?;
        sheet.write_string(1, 2, "=1+1")?;
        sheet.write_number(1, 3, 5.2)?;
        let date = Format::new().set_num_format("yyyy-mm-dd");
        sheet.write_number_with_format(1, 4, 46_295, &date)?;
        Ok(())
    }));
    let row = row(&read, "2.1.1");
    assert_eq!((row.selected, row.operation.as_str()), (Some(true), "=1+1"));
    assert_eq!(
        (row.documents.as_str(), row.records[0].as_str()),
        ("5.2", "2026-09-30")
    );
}

#[test]
fn a_formula_that_no_spreadsheet_has_worked_out_is_named() {
    let bytes = workbook(|sheet| {
        for (column, name) in (0..).zip(["항목", "운영여부", "운영현황"]) {
            sheet.write_string(0, column, name)?;
        }
        sheet.write_string(1, 0, "2.1.1")?;
        sheet.write_string(1, 1, "Y")?;
        sheet.write_formula(1, 2, Formula::new("=\"정책서 \"&\"5조\""))?;
        Ok(())
    });
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut unsaved = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..zip.len() {
        let mut part = zip.by_index(index).expect("a part");
        let mut text = String::new();
        part.read_to_string(&mut text).expect("XML");
        let options = zip::write::SimpleFileOptions::default();
        let name = part.name().expect("a name").into_owned();
        unsaved.start_file(name, options).expect("memory");
        let text = text.replace("<v>0</v></c></row></sheetData>", "</c></row></sheetData>");
        unsaved.write_all(text.as_bytes()).expect("memory");
    }
    let bytes = unsaved.finish().expect("memory").into_inner();
    assert_eq!(
        faults(&bytes),
        ["f.xlsx:2:3: 명세서!C2: is a formula without a saved value"]
    );
}

#[test]
fn a_workbook_without_the_form_says_what_it_looks_for() {
    let faults = read("f.xlsx", &texts(&["이름|전화"])).expect_err("faults");
    assert_eq!(
        faults[0].to_string(),
        "f.xlsx: none of its sheets has a header with `항목` and `운영여부`: `명세서`"
    );
    assert!(
        faults[0].hint.contains("`항목`, `운영여부`, `운영현황`"),
        "{}",
        faults[0].hint
    );
}

#[test]
fn what_is_no_workbook_is_refused() {
    assert_eq!(
        faults(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")[0],
        "f.xlsx: is an old .xls, or is protected by a password"
    );
    for bytes in [&b""[..], b"PK", b"control_id,selected\n2.1.1,Y\n"] {
        assert!(
            faults(bytes)[0].contains("is not an .xlsx workbook"),
            "{bytes:?}"
        );
    }
    assert!(faults(&zip_of(&[("a.txt", b"x")]))[0].contains("cannot be read as a workbook"));
}

fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("memory");
        zip.write_all(bytes).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked_into_memory() {
    let zeros = vec![0; 64 << 20];
    let parts = [
        ("a", zeros.as_slice()),
        ("b", &zeros),
        ("c", &zeros),
        ("d", &zeros),
        ("e", &zeros),
    ];
    let bomb = zip_of(&parts);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(faults(&bomb), ["f.xlsx: unpacks to more than 256 MiB"]);
}

#[test]
fn cells_at_the_end_of_the_sheet_cost_nothing() {
    let bytes = workbook(|sheet| {
        sheet.write_string(0, 0, "항목")?;
        sheet.write_string(0, 1, "운영여부")?;
        sheet.write_string(1, 0, "2.1.1")?;
        sheet.write_string(1, 1, "Y")?;
        sheet.write_string(1_048_575, 16_383, "x")?;
        Ok(())
    });
    assert_eq!(form(&bytes).rows.len(), 1);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn any_damage_ends_in_a_form_or_a_fault(at in 0usize..4000, byte: u8) {
        let mut bytes = texts(&["항목|운영여부", "2.1.1|Y"]);
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = read("f.xlsx", &bytes);
    }

    /// Damage that the zip's checksums do not hide.
    #[test]
    fn any_sheet_ends_in_a_form_or_a_fault(xml in "(<[a-zA-Z/]{1,9}( r=\"[A-Z0-9]{1,9}\")?( t=\"[a-z]{1,3}\")?/?>|[0-9.]{1,5}|&[a-z]{1,4};){0,30}") {
        let _ = read("f.xlsx", &with_sheet(&xml));
    }
}

/// A workbook whose one sheet is this XML.
fn with_sheet(xml: &str) -> Vec<u8> {
    with_parts(xml, &[])
}

/// The same with further parts.
fn with_parts(xml: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let types = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
    let relations = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let book = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    let root = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let parts = [
        ("_rels/.rels", root.as_bytes()),
        ("[Content_Types].xml", types.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/worksheets/sheet1.xml", xml.as_bytes()),
    ];
    zip_of(&[&parts, more].concat())
}

#[test]
fn a_count_of_texts_that_the_workbook_cannot_have_is_refused_before_it_costs_memory() {
    let sheet = "<worksheet><sheetData/></worksheet>";
    for attribute in [
        "uniqueCount=\"4000000000\"",
        "uniqueCount = '99999999999999999999'",
    ] {
        for before in [0, 8_180, 70_000] {
            let strings = format!("<!--{}--><sst {attribute}></sst>", " ".repeat(before));
            let bytes = with_parts(sheet, &[("xl/SharedStrings.xml", strings.as_bytes())]);
            let faults = faults(&bytes);
            assert!(faults[0].contains("texts, and has not"), "{faults:?}");
        }
    }
}

#[test]
fn a_hand_made_sheet_is_read_so_that_its_damage_would_matter() {
    let cell =
        |r: &str, text: &str| format!(r#"<c r="{r}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let rows = [
        format!(
            "<row>{}{}</row>",
            cell("A1", "항목"),
            cell("B1", "운영여부")
        ),
        format!("<row>{}{}</row>", cell("A2", "2.1.1"), cell("B2", "Y")),
    ];
    let xml = format!(
        "<worksheet><sheetData>{}</sheetData></worksheet>",
        rows.concat()
    );
    assert_eq!(form(&with_sheet(&xml)).rows.len(), 1);
}
