//! What a signature adds to a build: a PDF of 15 MB, signed by each kind of key.

use std::hint::black_box;
use std::path::Path;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use kisms::sign::identity::Identity;
use kisms::sign::pades::{sign_pdf, verify_pdf};
use lopdf::xref::XrefType;
use lopdf::{Document, Object, dictionary};

/// A document of one page and many small objects, as the tags of a large report are.
fn document(bytes: usize) -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    document.reference_table.cross_reference_type = XrefType::CrossReferenceTable;
    let pages = document.new_object_id();
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    });
    let tree = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    document.objects.insert(pages, tree.into());
    for number in 0..bytes / 170 {
        let text = Object::string_literal(format!("{number:0100}"));
        document.add_object(dictionary! { "Type" => "StructElem", "P" => page, "Alt" => text });
    }
    let root = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", root);
    let mut pdf = Vec::new();
    document.save_to(&mut pdf).expect("memory takes everything");
    pdf
}

fn identity(name: &str, password: Option<&str>) -> Identity {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys");
    let bytes = std::fs::read(keys.join(name)).expect("a key of the fixtures");
    Identity::load(&bytes, password).expect("a signer")
}

fn sign(criterion: &mut Criterion) {
    let pdf = document(15_000_000);
    let time = "2026-10-15T09:30:00Z".parse().expect("RFC 3339");
    let mut group = criterion.benchmark_group(format!("sign a PDF of {} bytes", pdf.len()));
    group.sample_size(10);
    for (name, password) in [
        ("demo-signer-not-secret.p12", None),
        ("test-p384.p12", Some("test")),
        ("test-rsa-4096.p12", Some("test")),
    ] {
        let identity = identity(name, password);
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || pdf.clone(),
                |pdf| sign_pdf(black_box(pdf), &identity, time).expect("signed"),
                BatchSize::LargeInput,
            );
        });
    }
    let signed = sign_pdf(pdf, &identity("demo-signer-not-secret.p12", None), time);
    let signed = signed.expect("signed");
    group.bench_function("verify it", |bencher| {
        bencher.iter(|| verify_pdf(black_box(&signed), &[], time).expect("a signature"));
    });
    group.finish();
}

criterion_group!(benches, sign);
criterion_main!(benches);
