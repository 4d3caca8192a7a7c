//! The report and its appendices, by how many findings fail, without reading and without the zip.

use criterion::{Criterion, criterion_group, criterion_main};
use kisms::engagement::Language;
use kisms::report::pdf::documents;
use mimalloc::MiMalloc;

#[path = "../tests/samples/assessments.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod samples;

/// As in the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn reports(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("report");
    group.sample_size(10);
    for failing in [100, 1_000, 10_000] {
        let assessment = samples::large(Language::Ko, failing);
        let about = samples::about();
        group.bench_function(format!("{failing} failing"), |bench| {
            bench.iter(|| documents(&assessment, &about).expect("a report"));
        });
    }
    group.finish();
}

criterion_group!(benches, reports);
criterion_main!(benches);
