//! Reading and concluding, on small exports: what changes here is felt at any size.

mod generator;

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kisms::assess::{Subject, assess};
use kisms::catalogue::catalogue;
use kisms::digest::Digest;
use kisms::engagement::Folder;
use kisms::evidence::Evidence;
use kisms::export;

const SNAPSHOT: u64 = 4 << 20;
const VERDICTS: u64 = 10_000;

fn read(dir: &Path) -> Evidence {
    export::read(dir, &export::open_file).expect("a folder")
}

fn snapshot(c: &mut Criterion) {
    let dir = tempfile::tempdir().expect("a folder");
    let root = dir.path().join("engagement");
    generator::engagement(&root).expect("space");
    let file = generator::with_snapshot(&root, SNAPSHOT, false).expect("space");
    let bytes = std::fs::read(file).expect("a file");
    let mut group = c.benchmark_group("snapshot");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("sha256", |b| b.iter(|| Digest::of(black_box(&bytes))));
    group.bench_function("read", |b| b.iter(|| read(&root)));
    group.finish();
}

fn verdicts(c: &mut Criterion) {
    let dir = tempfile::tempdir().expect("a folder");
    let root = dir.path().join("engagement");
    generator::engagement(&root).expect("space");
    generator::with_evaluations(&root, VERDICTS, 20, 20).expect("space");
    let folder = Folder::open(&root).expect("a folder").expect("no fault");
    let evidence = read(&root);
    let subject = Subject {
        engagement: &folder.engagement,
        catalogue: catalogue(),
        evidence: &evidence,
        decisions: &[],
        statement: &[],
        manual: &[],
        generated_at: "2026-10-05T09:00:00+09:00".parse().expect("a time"),
    };
    let mut group = c.benchmark_group("verdicts");
    group.throughput(Throughput::Elements(VERDICTS));
    group.bench_function("read", |b| b.iter(|| read(&root)));
    group.bench_function("assess", |b| b.iter(|| assess(&subject)));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = snapshot, verdicts
}
criterion_main!(benches);
