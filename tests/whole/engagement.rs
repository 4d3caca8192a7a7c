//! The main thread from end to end: the fixture's engagement becomes a bundle that other people's
//! tools accept, that is the same every time, and whose every change is found.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::common::{GENERATED_AT, Workplace, files_under, kisms, repository, text, tool};

#[test]
fn the_fixture_shows_every_kind_of_result() {
    let place = Workplace::new();
    let (status, out, err) = kisms(&["check", &text(&place.engagement())]);
    assert_eq!((status, err.as_str()), (0, ""));
    insta::assert_snapshot!(out.replace(&text(&place.engagement()), "ENGAGEMENT"));
    let (_, out, _) = kisms(&["controls", &text(&place.engagement()), "--format", "json"]);
    let controls: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let mut results = BTreeMap::new();
    for control in controls["controls"].as_array().expect("a list") {
        if control["level"] == "item" {
            let result = control["result"]["automated"].as_str().expect("a result");
            results
                .entry(result.to_owned())
                .or_insert_with(Vec::new)
                .push(control["id"].as_str().expect("an id").to_owned());
        }
    }
    results.remove("not_covered");
    insta::assert_debug_snapshot!(results);
}

#[test]
fn other_peoples_tools_accept_the_bundle() {
    let place = Workplace::new();
    let bag = place.unpacked();
    for manifest in ["manifest-sha256.txt", "tagmanifest-sha256.txt"] {
        tool(
            &bag,
            "sha256sum",
            &["--quiet", "--strict", "-c", manifest],
            "part of coreutils",
        );
    }
    #[expect(clippy::disallowed_methods, reason = "tests/run says where it is")]
    let python = std::env::var("KISMS_VENV")
        .map_or("python3".to_owned(), |venv| format!("{venv}/bin/python"));
    let install = "pip install 'setuptools<81' bagit, or run tests/run";
    let folder = text(&bag);
    tool(
        &bag,
        &python,
        &["-m", "bagit", "--validate", &folder],
        install,
    );
    let ca = text(&repository("fixtures/keys/demo-ca.pem"));
    let said = tool(
        &bag,
        "openssl",
        &[
            "cms",
            "-verify",
            "-cades",
            "-binary",
            "-inform",
            "DER",
            "-in",
            "tagmanifest-sha256.txt.p7s",
            "-content",
            "tagmanifest-sha256.txt",
            "-CAfile",
            &ca,
            "-out",
            "/dev/null",
        ],
        "apt install openssl",
    );
    assert!(said.contains("CAdES Verification successful"), "{said}");
    tool(
        &bag,
        "qpdf",
        &["--check", "data/report.pdf"],
        "apt install qpdf",
    );
    let fonts = tool(
        &bag,
        "pdffonts",
        &["data/report.pdf"],
        "apt install poppler-utils",
    );
    let fonts: Vec<&str> = fonts
        .lines()
        .skip_while(|line| !line.starts_with("---"))
        .skip(1)
        .collect();
    assert!(!fonts.is_empty());
    for font in fonts {
        let columns: Vec<&str> = font.split_whitespace().rev().collect();
        // From the right: object id (two numbers), uni, sub, emb.
        assert_eq!(columns[2..5], ["yes", "yes", "yes"], "{font}");
    }
    let shown = tool(
        &bag,
        "pdftotext",
        &["-layout", "data/report.pdf", "-"],
        "apt install poppler-utils",
    );
    for expected in [
        "주식회사 한빛몰",
        "비밀번호 관리",
        "hanbitmall-legacy-upload",
        "444455556666",
    ] {
        assert!(shown.contains(expected), "{expected}");
    }
}

#[test]
fn pythons_csv_reads_every_table_with_formulas_neutralised() {
    let place = Workplace::new();
    let bag = place.unpacked();
    let script = "import csv,json,sys\n\
        rows=list(csv.reader(open(sys.argv[1],encoding='utf-8-sig',newline=''),strict=True))\n\
        bad=[c for r in rows for c in r if c[:1] in '=+-@\\t\\r' and c]\n\
        print(json.dumps([len(rows),len({len(r) for r in rows}),bad]))";
    let mut lines = BTreeMap::new();
    for file in files_under(&bag.join("data")) {
        if file.extension().is_some_and(|e| e == "csv")
            && !file.starts_with(bag.join("data/evidence"))
            && !file.starts_with(bag.join("data/engagement"))
        {
            let said = tool(
                &bag,
                "python3",
                &["-c", script, &text(&file)],
                "apt install python3",
            );
            let (rows, widths, bad): (u32, u32, Vec<String>) =
                serde_json::from_str(&said).expect("JSON");
            assert_eq!((widths, bad.len()), (1, 0), "{}: {bad:?}", file.display());
            lines.insert(
                file.file_name()
                    .expect("a name")
                    .to_str()
                    .expect("UTF-8")
                    .to_owned(),
                rows,
            );
        }
    }
    insta::assert_debug_snapshot!(lines);
}

#[test]
fn the_same_inputs_give_the_same_bytes_in_whatever_order_they_were_made() {
    let place = Workplace::new();
    let first = fs::read(place.build("one.zip")).expect("a bundle");
    assert!(
        first == fs::read(place.build("two.zip")).expect("a bundle"),
        "built twice"
    );
    let other = Workplace::in_order(true);
    assert!(
        first == fs::read(other.build("one.zip")).expect("a bundle"),
        "created in another order"
    );
}

#[test]
fn verify_believes_only_the_given_certificate() {
    let place = Workplace::new();
    let bundle = text(&place.build("bundle.zip"));
    let verify = |options: &[&str]| {
        let mut arguments = vec!["verify", &bundle, "--format", "json"];
        arguments.extend(options);
        let (status, out, _) = kisms(&arguments);
        let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        let codes: Vec<String> = report["defects"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|d| d["code"].as_str().expect("a code").to_owned())
            .collect();
        (status, report["intact"] == true, codes)
    };
    let demo = text(&repository("fixtures/keys/demo-ca.pem"));
    let foreign = text(&foreign_ca());
    assert_eq!(verify(&["--trust", &demo]), (0, true, vec![]));
    assert_eq!(verify(&["--any-signer"]), (0, true, vec![]));
    assert_eq!(verify(&[]), (1, true, vec!["signer_unknown".to_owned()]));
    assert_eq!(
        verify(&["--trust", &foreign]),
        (1, true, vec!["signer_unknown".to_owned()])
    );
    assert_eq!(verify(&["--trust", &foreign, "--trust", &demo]).0, 0);
}

/// A certificate authority that signed nothing here.
fn foreign_ca() -> std::path::PathBuf {
    let keys = files_under(&repository("fixtures/keys"));
    let foreign = keys
        .into_iter()
        .find(|key| text(key).contains("foreign") && text(key).ends_with("ca.pem"));
    foreign.expect("a foreign authority among the test keys")
}

/// Verifies a folder with the demo certificate: status and the defects' paths.
fn defects(bag: &Path) -> (i32, Vec<String>) {
    let demo = text(&repository("fixtures/keys/demo-ca.pem"));
    let (status, out, err) = kisms(&["verify", &text(bag), "--trust", &demo, "--format", "json"]);
    assert!(status < 2, "{err}");
    let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let paths = report["defects"].as_array().expect("a list").iter();
    (
        status,
        paths
            .map(|defect| defect["path"].as_str().expect("a path").to_owned())
            .collect(),
    )
}

#[test]
fn a_flipped_byte_of_any_file_is_found_and_the_file_named() {
    let place = Workplace::new();
    let bag = place.unpacked();
    assert_eq!(defects(&bag), (0, vec![]));
    let mut tried = 0;
    for file in files_under(&bag) {
        let good = fs::read(&file).expect("readable");
        let name = text(file.strip_prefix(&bag).expect("in the bag"));
        // All bytes of a small bag are tried elsewhere; here the first, the middle and the last of
        // each file of a real one.
        for at in [0, good.len() / 2, good.len().saturating_sub(1)] {
            let mut bad = good.clone();
            bad[at] ^= 0x20;
            fs::write(&file, &bad).expect("written");
            let (status, paths) = defects(&bag);
            assert_eq!(status, 1, "{name} byte {at}");
            assert!(paths.contains(&name), "{name} byte {at}: {paths:?}");
            tried += 1;
        }
        fs::write(&file, &good).expect("restored");
    }
    assert!(tried > 300, "{tried}");
    assert_eq!(defects(&bag), (0, vec![]));
}

#[test]
fn a_missing_an_added_and_a_renamed_file_are_found() {
    let place = Workplace::new();
    let bag = place.unpacked();
    let (csv, new) = (bag.join("data/csv/gaps.csv"), bag.join("data/csv/new.csv"));
    fs::rename(&csv, &new).expect("renamed");
    let (status, paths) = defects(&bag);
    assert_eq!(status, 1);
    for name in ["data/csv/gaps.csv", "data/csv/new.csv"] {
        assert!(paths.contains(&name.to_owned()), "{paths:?}");
    }
    // The payload's size in bag-info.txt is wrong too, and is named beside the file itself.
    fs::copy(&new, &csv).expect("back");
    assert_eq!(
        defects(&bag),
        (
            1,
            vec!["bag-info.txt".to_owned(), "data/csv/new.csv".to_owned()]
        )
    );
    fs::remove_file(&new).expect("removed");
    fs::remove_file(&csv).expect("removed");
    assert_eq!(defects(&bag).1, ["bag-info.txt", "data/csv/gaps.csv"]);
}

#[test]
fn the_same_files_zipped_again_are_intact() {
    let place = Workplace::new();
    let bag = place.unpacked();
    let parent = bag.parent().expect("a folder");
    let name = text(Path::new(bag.file_name().expect("a name")));
    tool(
        parent,
        "python3",
        &["-m", "zipfile", "-c", "again.zip", &name],
        "apt install python3",
    );
    let demo = text(&repository("fixtures/keys/demo-ca.pem"));
    let (status, out, _) = kisms(&[
        "verify",
        &text(&parent.join("again.zip")),
        "--trust",
        &demo,
        "--format",
        "json",
    ]);
    let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(
        (status, &report["intact"], &report["notes"]),
        (0, &true.into(), &serde_json::json!(["repacked"]))
    );
}

#[test]
fn every_broken_input_is_named_and_stops_the_build_unless_allowed() {
    let place = Workplace::new();
    let mut broken = Vec::new();
    for file in files_under(&repository("fixtures/export")) {
        let name = text(
            file.strip_prefix(repository("fixtures/export"))
                .expect("under it"),
        );
        if name.contains("/broken-") {
            place.export(
                &format!("broken/{name}"),
                &fs::read(&file).expect("readable"),
            );
            broken.push(format!("exports/broken/{name}"));
        }
    }
    let bundle = place.path("bundle.zip");
    let (status, out, err) = place.build_with(&bundle, &[]);
    assert_eq!((status, out.as_str(), bundle.exists()), (1, "", false));
    let unnamed: Vec<&String> = broken
        .iter()
        .filter(|path| !err.contains(&format!("error: `{path}`")))
        .collect();
    assert!(unnamed.is_empty(), "not named: {unnamed:#?}");
    assert_eq!(
        err.matches("\nhint: ").count(),
        err.matches("error: ").count()
    );
    let (status, _, err) = place.build_with(&bundle, &["--allow-rejected"]);
    assert_eq!(status, 0, "{err}");
    let folder = place.path("allowed");
    fs::create_dir_all(&folder).expect("made");
    tool(
        &folder,
        "unzip",
        &["-q", "-o", "-j", &text(&bundle)],
        "apt install unzip",
    );
    let inputs = fs::read_to_string(folder.join("inputs.csv")).expect("inputs.csv");
    let gaps = fs::read_to_string(folder.join("gaps.csv")).expect("gaps.csv");
    tool(
        &folder,
        "pdftotext",
        &["-raw", "report.pdf", "report.txt"],
        "apt install poppler-utils",
    );
    let report = fs::read_to_string(folder.join("report.txt"))
        .expect("the report's text")
        .replace(['\n', ' '], "");
    for path in &broken {
        let row = inputs
            .lines()
            .find(|line| line.contains(path.as_str()))
            .expect("a row");
        assert!(row.contains("rejected"), "{row}");
        let id = row.split(',').next().expect("an id");
        assert!(gaps.contains(id), "{id} is in no gap");
        assert!(
            report.contains(path.as_str()),
            "{path} is not in the report"
        );
    }
}

#[test]
fn an_existing_bundle_is_replaced_only_when_that_is_said() {
    let place = Workplace::new();
    let bundle = place.path("bundle.zip");
    fs::write(&bundle, "mine").expect("written");
    let (status, _, err) = place.build_with(&bundle, &[]);
    assert_eq!(status, 2);
    assert!(
        err.contains("exists already") && err.contains("--force"),
        "{err}"
    );
    // Before any work: no engagement has been looked for.
    let (_, _, earlier) = kisms(&["build", "absent", "-o", &text(&bundle)]);
    assert_eq!(earlier, err);
    assert_eq!(fs::read(&bundle).expect("there"), b"mine");
    assert_eq!(place.build_with(&bundle, &["--force"]).0, 0);
}

#[test]
fn a_time_outside_the_certificates_validity_is_refused() {
    let place = Workplace::new();
    let (engagement, bundle) = (text(&place.engagement()), text(&place.path("b.zip")));
    for (time, reason) in [
        ("2019-12-31T23:59:59Z", "not yet valid"),
        ("2050-01-01T00:00:00Z", "expired"),
    ] {
        let (status, _, err) =
            kisms(&["build", &engagement, "-o", &bundle, "--generated-at", time]);
        assert_eq!(status, 2);
        assert!(err.contains(reason), "{err}");
    }
    assert!(!Path::new(&bundle).exists());
}

#[test]
fn findings_and_controls_read_a_bundle_as_they_read_its_engagement() {
    let place = Workplace::new();
    let bundle = text(&place.build("bundle.zip"));
    for command in ["findings", "controls"] {
        let (status, from_bundle, said) = kisms(&[command, &bundle, "--format", "json"]);
        assert_eq!(status, 0, "{said}");
        assert!(said.contains("its signer were not checked"), "{said}");
        let (_, from_folder, _) = kisms(&[command, &text(&place.engagement()), "--format", "json"]);
        assert!(from_bundle == from_folder, "{command}");
    }
}

#[test]
fn what_is_read_of_a_bundle_is_compared_with_its_digest() {
    let place = Workplace::new();
    let bundle = text(&place.build("bundle.zip"));
    let bytes = fs::read(&bundle).expect("a bundle");
    let (_, sound, _) = kisms(&["findings", &bundle]);
    for (name, status) in [
        ("data/assessment.json", 1),
        ("manifest-sha256.txt", 1),
        ("data/report.pdf", 0),
    ] {
        let mut changed = bytes.clone();
        let mut places = changed.windows(name.len());
        let header = places.position(|found| found == name.as_bytes());
        changed[header.expect("it is there") + name.len() + 99] ^= 1;
        fs::write(&bundle, changed).expect("written");
        let (said, out, err) = kisms(&["findings", &bundle]);
        assert_eq!(said, status, "{name}: {err}");
        assert_eq!(out, if status == 0 { sound.as_str() } else { "" }, "{name}");
        assert!(
            status == 0 || err.contains("\nerror: ") || err.starts_with("error: "),
            "{err}"
        );
        assert_eq!(kisms(&["verify", "--any-signer", &bundle]).0, 1, "{name}");
    }
}

#[test]
fn show_leads_back_to_the_very_bytes_in_a_folder_and_in_a_bundle() {
    let place = Workplace::new();
    let (engagement, bundle) = (text(&place.engagement()), text(&place.build("bundle.zip")));
    let (_, out, _) = kisms(&["findings", &engagement, "--format", "json"]);
    let findings: Vec<serde_json::Value> = serde_json::from_str(&out).expect("JSON");
    let named = |name| {
        findings
            .iter()
            .find(|f| f["resource_name"] == name)
            .expect("a finding")
    };
    let id = named("hanbitmall-legacy-upload")["id"]
        .as_str()
        .expect("an id");
    let (status, shown, err) = kisms(&["show", &engagement, id, "--format", "json"]);
    assert_eq!(status, 0, "{err}");
    let (_, of_bundle, _) = kisms(&["show", &bundle, id, "--format", "json"]);
    assert!(shown == of_bundle);
    let shown: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
    let source = &shown["finding"]["source"];
    let path = place
        .engagement()
        .join(source["path"].as_str().expect("a path"));
    let export: serde_json::Value =
        serde_json::from_slice(&fs::read(path).expect("there")).expect("JSON");
    let element = export.pointer(source["pointer"].as_str().expect("a pointer"));
    assert_eq!(Some(&shown["evaluation"]), element);
    assert_eq!(
        shown["configuration_item"]["record"]["resourceName"],
        "hanbitmall-legacy-upload"
    );
    assert!(
        !shown["other_findings"]
            .as_array()
            .expect("a list")
            .is_empty()
    );
    let (status, text, _) = kisms(&["show", &engagement, id]);
    assert_eq!(status, 0);
    for part in [
        "\nevaluation ",
        "\nitem ",
        "\nalso ",
        "hanbitmall-legacy-upload",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(kisms(&["show", &engagement, "F-000000000000"]).0, 2);
}

#[test]
fn findings_are_filtered_by_everything_that_can_be_typed() {
    let place = Workplace::new();
    let engagement = text(&place.engagement());
    let count = |options: &[&str]| {
        let mut arguments = vec!["findings", &engagement, "--format", "jsonl"];
        arguments.extend(options);
        let (status, out, err) = kisms(&arguments);
        assert_eq!(status, 0, "{err}");
        out.lines().count()
    };
    let all = count(&[]);
    let failing = count(&["--status", "NON_COMPLIANT"]);
    assert!(0 < failing && failing < all);
    assert_eq!(
        count(&[
            "--status",
            "NON_COMPLIANT",
            "--status",
            "COMPLIANT",
            "--status",
            "NOT_APPLICABLE"
        ]),
        all
    );
    assert!(count(&["--control", "2.5"]) > count(&["--control", "2.5.4"]));
    assert!(count(&["--rule", "restricted-ssh"]) > 0);
    assert_eq!(
        count(&["--account", "111122223333"]) + count(&["--account", "444455556666"]),
        all
    );
    assert!(count(&["--region", "global"]) > 0);
    assert!(count(&["--resource", "legacy"]) > 0);
    assert!(count(&["--decision", "exception"]) > 0);
    assert_eq!(
        count(&["--decision", "none"])
            + count(&["--decision", "exception"])
            + count(&["--decision", "plan"]),
        all
    );
    for (option, unknown, hint) in [
        ("--rule", "restricted-sh", "did you mean `restricted-ssh`?"),
        ("--account", "999988887777", "list what is there"),
        (
            "--region",
            "ap-northeast-9",
            "did you mean `ap-northeast-2`?",
        ),
    ] {
        let (status, out, err) = kisms(&["findings", &engagement, option, unknown]);
        let said = format!("there is no {} `{unknown}` here", &option[2..]);
        assert_eq!((status, out.as_str()), (2, ""));
        assert!(err.contains(&said) && err.contains(hint), "{err}");
    }
    let (status, _, err) = kisms(&["findings", &engagement, "--status", "FAILED"]);
    assert_eq!(status, 2);
    assert!(err.contains("`FAILED` is not a ComplianceType"), "{err}");
}

#[test]
fn nothing_in_a_bundle_names_this_machine_or_the_key() {
    let place = Workplace::new();
    let bag = place.unpacked();
    let machine = text(&place.path(""));
    for file in files_under(&bag) {
        let bytes = fs::read(&file).expect("readable");
        let shown = String::from_utf8_lossy(&bytes);
        assert!(
            !shown.contains(machine.trim_end_matches('/')),
            "{}",
            file.display()
        );
        assert!(!shown.contains("PRIVATE KEY"), "{}", file.display());
    }
    assert!(GENERATED_AT.ends_with("+09:00"));
}
