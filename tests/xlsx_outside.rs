//! What LibreOffice makes of the workbook: it opens it, prints it, and reads every value.

mod sample;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::{Data, Reader, Xlsx, open_workbook};
use kisms::assess::{Assessment, Subject, assess};
use kisms::catalogue::catalogue;
use kisms::engagement::Folder;
use kisms::export;
use kisms::report::csv::TABLES;
use kisms::report::terminal::escape;
use kisms::report::xlsx::statement_of_operation;
use kisms::statement::{Record, form};

/// The fixture's engagement.
fn engagement() -> Assessment {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/engagement/2026Q3");
    let folder = Folder::open(&dir).expect("readable").expect("valid");
    let evidence = export::read(&dir, &export::open_file).expect("readable");
    assess(&Subject {
        engagement: &folder.engagement,
        catalogue: catalogue(),
        evidence: &evidence,
        decisions: &folder.decisions,
        statement: &folder.statement,
        manual: &folder.manual,
        generated_at: "2026-10-05T09:00:00+09:00".parse().expect("a time"),
    })
}

fn workbook(name: &str, assessment: &Assessment) -> PathBuf {
    let mut bytes = Vec::new();
    statement_of_operation(assessment, &mut bytes).expect("memory");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("xlsx-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a writable folder");
    let path = folder.join("form.xlsx");
    fs::write(&path, bytes).expect("written");
    path
}

/// Runs a tool that must be there and accept what it is given.
#[expect(clippy::panic, reason = "a test without its tool fails")]
fn tool(program: &str, arguments: &[&str], install: &str) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|e| panic!("cannot run `{program}`: {e}; {install}"));
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
    said
}

/// LibreOffice's conversion, beside the workbook, under a profile of its own.
fn convert(workbook: &Path, to: &str) {
    let folder = workbook.parent().expect("a folder");
    let text = |path: &Path| path.to_str().expect("UTF-8").to_owned();
    let profile = format!("-env:UserInstallation=file://{}/profile", text(folder));
    let (folder, workbook) = (text(folder), text(workbook));
    let install = "apt-get install --no-install-recommends libreoffice-calc fonts-nanum";
    let convert = [
        "--headless",
        &profile,
        "--convert-to",
        to,
        "--outdir",
        &folder,
        &workbook,
    ];
    tool("soffice", &convert, install);
}

/// Every sheet as LibreOffice reads it, by its name.
fn sheets(workbook: &Path) -> BTreeMap<String, Vec<Vec<String>>> {
    // Comma, double quote, UTF-8, from line 1, cells as shown, every sheet.
    let filter = "Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";
    convert(workbook, &format!("csv:{filter}"));
    let files = fs::read_dir(workbook.parent().expect("a folder")).expect("readable");
    let paths = files.map(|file| file.expect("an entry").path());
    let sheets = paths.filter_map(|path| {
        let name = path.file_name()?.to_str()?.strip_prefix("form-")?;
        let sheet = name.strip_suffix(".csv")?.to_owned();
        Some((sheet, rows(&path)))
    });
    sheets.collect()
}

/// The rows of the form below its headings, bands left out and continued rows joined.
fn stated(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut form: Vec<Vec<String>> = Vec::new();
    let below = rows.iter().skip_while(|row| row[0] != "항목").skip(1);
    for row in below.filter(|row| !row[3].is_empty()) {
        match form.last_mut() {
            Some(last) if row[1] == "(계속)" => {
                assert_eq!(last[0], row[0]);
                for at in 4..7 {
                    last[at].push_str(&row[at]);
                }
            }
            _ => form.push(row.clone()),
        }
    }
    form
}

/// What the form should say, spelt out here once more.
fn expected(assessment: &Assessment) -> Vec<Vec<String>> {
    let visible = |text: &str| {
        let lines = text.split('\n').map(|line| {
            let line = line.strip_suffix('\r').unwrap_or(line);
            line.split('\t').map(escape).collect::<Vec<_>>().join("\t")
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    let rows = assessment.statement.iter().map(|row| {
        let area = row.control_id.area().to_string();
        vec![
            row.control_id.to_string(),
            row.title_ko.clone(),
            row.selected.clone(),
            if area == "3" { "ISMS-P" } else { "ISMS" }.to_owned(),
            visible(&row.operation),
            visible(&row.documents),
            visible(&row.records.replace("; ", "\n")),
        ]
    });
    rows.collect()
}

/// The hostile sample, and what a spreadsheet could take for something else than text.
fn hostile() -> Assessment {
    let mut assessment = sample::assessment();
    let first = assessment.statement[0].clone();
    for text in [
        "_x0041_ and _x000D_",
        "2.10",
        "1.11E+11",
        "2026-09-30",
        "000123",
        "&amp; <b>굵게</b> ]]>",
        "첫 줄\n둘째 줄\n\n넷째 줄",
    ] {
        let mut row = first.clone();
        (row.operation, row.documents, row.records) = (text.into(), text.into(), text.into());
        assessment.statement.push(row);
    }
    assessment
}

#[test]
fn libreoffice_reads_every_value_of_the_form() {
    for (name, assessment) in [("engagement", engagement()), ("hostile", hostile())] {
        let sheets = sheets(&workbook(name, &assessment));
        let names: Vec<&str> = sheets.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            ["운영명세서", "입력 파일", "증적 공백", "통제항목", "판정"]
        );
        let (read, wanted) = (stated(&sheets["운영명세서"]), expected(&assessment));
        assert_eq!(read.len(), wanted.len(), "{name}");
        for (read, wanted) in read.iter().zip(&wanted) {
            assert_eq!(read, wanted, "{name}");
        }
        let controls: Vec<&str> = sheets["통제항목"][3..]
            .iter()
            .map(|row| row[0].as_str())
            .collect();
        let wanted = assessment.controls.iter().map(|row| row.id.to_string());
        assert!(
            controls.into_iter().eq(wanted.collect::<Vec<_>>()),
            "{name}"
        );
    }
}

#[test]
fn every_file_that_the_form_cites_stands_on_the_sheet_of_inputs_with_that_digest() {
    let sheets = sheets(&workbook("cited", &engagement()));
    let inputs: BTreeMap<&str, &Vec<String>> = sheets["입력 파일"]
        .iter()
        .map(|row| (row[0].as_str(), row))
        .collect();
    let mut cited = 0;
    for row in stated(&sheets["운영명세서"]) {
        for record in row[6].lines() {
            if let Record::Citation(citation) = Record::of(record) {
                let input = inputs[citation.id.expect("a number")];
                assert_eq!(Some(input[3].as_str()), citation.path);
                assert!(
                    input[5].starts_with(citation.digest.expect("a digest")),
                    "{record}"
                );
                cited += 1;
            }
        }
    }
    assert!(cited > 20, "{cited}");
}

#[test]
fn the_form_that_libreoffice_saved_anew_is_taken_in_as_ours_is() {
    let path = workbook("anew", &engagement());
    let read = || form::read("form.xlsx", &fs::read(&path).expect("there")).expect("no fault");
    let (ours, before) = (read(), fs::read(&path).expect("there"));
    convert(&path, "ods");
    convert(&path.with_extension("ods"), "xlsx:Calc MS Excel 2007 XML");
    assert_ne!(
        fs::read(&path).expect("there"),
        before,
        "another program's file"
    );
    assert_eq!(read(), ours);
    assert_eq!(ours.rows.len(), 101);
}

#[test]
fn libreoffice_prints_the_form_on_landscape_a4_with_its_headings_on_every_page() {
    let path = workbook("print", &engagement());
    convert(&path, "pdf");
    let pdf = path
        .with_extension("pdf")
        .to_str()
        .expect("UTF-8")
        .to_owned();
    let install = "apt-get install poppler-utils";
    let info = tool("pdfinfo", &[&pdf], install);
    assert!(info.contains("841.89 x 595.3"), "{info}");
    let text = tool("pdftotext", &["-layout", &pdf, "-"], install);
    let pages: Vec<&str> = text.split('\u{c}').collect();
    let of_form = pages.iter().take_while(|page| !page.contains("통제항목\n"));
    let of_form: Vec<_> = of_form.collect();
    assert!(of_form.len() >= 3, "{}", of_form.len());
    for (page, number) in of_form.iter().zip(1..) {
        assert!(page.contains("기록(증적자료)"), "{page}");
        assert!(
            page.contains(&format!("{number} / {}", pages.len() - 1)),
            "{page}"
        );
    }
    let whole: String = text.split_whitespace().collect();
    for row in engagement().statement {
        let operation: String = row.operation.split_whitespace().collect();
        // A line of another column may stand between two lines of this one.
        let start: String = operation.chars().take(12).collect();
        assert!(whole.contains(&start), "{start}");
    }
}

#[test]
fn libreoffice_opens_the_csv_files_with_korean_intact() {
    let assessment = engagement();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("xlsx-csv");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a writable folder");
    for table in TABLES {
        let name = table.path.rsplit('/').next().expect("a name");
        let mut bytes = Vec::new();
        (table.render)(&assessment, &mut bytes).expect("memory");
        fs::write(folder.join(name), &bytes).expect("written");
    }
    let files: Vec<PathBuf> = TABLES
        .iter()
        .map(|table| folder.join(table.path.rsplit('/').next().expect("a name")))
        .collect();
    // Comma, double quote, UTF-8, from line 1; every column of the widest table as text (2).
    let text_columns: Vec<String> = (1..=40).map(|column| format!("{column}/2")).collect();
    let filter = format!(
        "--infilter=Text - txt - csv (StarCalc):44,34,76,1,{}",
        text_columns.join("/")
    );
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let out = folder.join("read");
    let out = out.to_str().expect("UTF-8");
    let mut arguments = vec!["--headless", &profile, &filter, "--convert-to"];
    arguments.extend([
        "csv:Text - txt - csv (StarCalc):44,34,76,1",
        "--outdir",
        out,
    ]);
    arguments.extend(files.iter().map(|file| file.to_str().expect("UTF-8")));
    tool(
        "soffice",
        &arguments,
        "apt-get install --no-install-recommends libreoffice-calc",
    );
    for file in &files {
        let name = file.file_name().expect("a name");
        let (ours, read) = (rows(file), rows(&Path::new(out).join(name)));
        assert_eq!(ours.len(), read.len(), "{}", file.display());
        for (ours, read) in ours.iter().zip(&read) {
            assert_eq!(ours, read, "{}", file.display());
        }
    }
}

/// The rows of a CSV file, with or without a byte order mark.
fn rows(file: &Path) -> Vec<Vec<String>> {
    let text = fs::read_to_string(file).expect("UTF-8");
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let rows = reader
        .records()
        .map(|row| row.expect("a row").iter().map(str::to_owned).collect());
    rows.collect()
}

#[test]
fn the_same_assessment_gives_the_same_bytes_and_no_cell_is_a_formula_or_an_id_a_number() {
    let assessment = hostile();
    let path = workbook("bytes", &assessment);
    let bytes = fs::read(&path).expect("written");
    assert_eq!(
        fs::read(workbook("bytes", &assessment)).expect("written"),
        bytes
    );
    let mut read: Xlsx<_> = open_workbook(&path).expect("a workbook");
    for sheet in read.sheet_names() {
        let formulas = read.worksheet_formula(&sheet).expect("a sheet");
        assert!(formulas.used_cells().next().is_none(), "{sheet}");
        let cells = read.worksheet_range(&sheet).expect("a sheet");
        let first_column = cells.used_cells().filter(|(_, column, _)| *column == 0);
        for (row, _, cell) in first_column {
            assert!(matches!(cell, Data::String(_)), "{sheet} {row}: {cell:?}");
        }
    }
}

#[test]
fn a_list_that_is_cut_says_n_of_m() {
    let mut assessment = sample::assessment();
    let gap = assessment.gaps[0].clone();
    assessment.gaps = vec![gap; 20_001];
    let path = workbook("cut", &assessment);
    let mut read: Xlsx<_> = open_workbook(&path).expect("a workbook");
    let gaps = read.worksheet_range("증적 공백").expect("a sheet");
    assert_eq!(
        gaps.get_value((1, 0)).expect("a cell").to_string(),
        "20001건 가운데 20000건, 나머지와 모든 열은 data/csv/gaps.csv에 있습니다."
    );
    assert_eq!(gaps.height(), 20_003);
}
