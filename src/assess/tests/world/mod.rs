//! An estate's own truth, and an AWS that answers from it: whatever the engine believes, these tests
//! compare it with what is true.
//!
//! | module | what it is |
//! |---|---|
//! | `estate`, `grown`, `deployed` | what there is at each account and region, and how it grows from a seed |
//! | `verdict` | what deployed rules say of it at a moment |
//! | `aws`, `answers`, `request`, `parameters` | what AWS answers to a command |
//! | `take`, `taken` | the answers with which people begin, and what became of them |
//! | `alike`, `better` | what makes no difference, and what never makes a result better |
//! | `desk`, `play` | a person who reads, follows every suggestion, and reads again |
//! | `truth` | what the truth says of the controls |
//! | `shrink`, `shown` | the smallest world that is still wrong, to read |

mod alike;
#[expect(
    clippy::unnecessary_wraps,
    reason = "operations are one list: some never refuse"
)]
mod answers;
mod aws;
mod better;
mod clock;
mod deployed;
mod desk;
mod estate;
mod grown;
mod many;
mod outcome;
mod parameters;
mod play;
mod random;
mod request;
mod shown;
mod shrink;
mod take;
mod taken;
mod truth;
mod verdict;

use many::hold;
use play::{files, play};
use shrink::World;

/// The world that grows from a seed.
fn world(seed: u64) -> World {
    let mut random = random::Random::new(seed);
    let estate = grown::estate(&mut random);
    let takes = taken::takes(&mut random, &estate);
    (estate, takes)
}

#[test]
fn following_every_suggestion_ends_with_what_is_true_and_no_gap_that_a_command_fills() {
    let look = |(estate, takes): &World| play(estate, &mut files(estate, takes));
    hold(500, &[], &look);
}

#[test]
#[ignore = "it writes worlds into the folder of `KISMS_DUMP`, for another build to read"]
fn each_world_is_written_as_an_engagement_into_the_folder_of_the_environment() {
    let folder = many::path("KISMS_DUMP").expect("a folder");
    let (first, count) = many::seeds(20_000);
    for seed in first..first + count {
        let (estate, takes) = world(seed);
        desk::dump(
            &folder.join(format!("{seed:06}")),
            &estate,
            &files(&estate, &takes),
        );
    }
}
