use proptest::prelude::*;

use super::*;
use crate::sign::cms::sign_detached;
use crate::sign::testing::{at, demo, later};

fn message(content: &[u8]) -> Vec<u8> {
    sign_detached(&demo(), Digest::of(content), at("2026-10-15T09:30:00Z")).expect("signed")
}

fn refused(answer: &[u8]) -> Vec<&'static str> {
    let problems = attach(&message(b"1"), answer, later())
        .expect("a signature")
        .expect_err("no answer");
    problems.iter().map(|problem| problem.code).collect()
}

#[test]
fn a_request_is_the_same_each_time_and_another_for_another_signature() {
    let request_for = |content: &[u8]| request(&message(content)).expect("a signature");
    assert_eq!(request_for(b"1"), request_for(b"1"));
    assert_ne!(request_for(b"1"), request_for(b"2"));
    assert!(request(b"no signature").is_err());
}

#[test]
fn an_answer_without_a_token_is_refused() {
    assert_eq!(refused(b""), ["timestamp_unreadable"]);
    assert_eq!(refused(&[0x30, 5, 0x30, 3, 2, 1, 0]), ["timestamp_status"]);
    let text = [0x30, 11, 0x30, 9, 2, 1, 2, 0x30, 4, 0x0c, 2, b'n', b'o'];
    assert_eq!(refused(&text), ["timestamp_status"]);
}

#[test]
fn a_message_that_is_no_token_is_refused() {
    let mut answer = vec![0x30, 5, 2, 1, 0];
    let signed = message(b"1");
    answer.splice(2..2, [0x30, 3]);
    answer.extend_from_slice(&signed);
    let length = u16::try_from(answer.len() - 2)
        .expect("short")
        .to_be_bytes();
    answer.splice(1..2, [0x82, length[0], length[1]]);
    assert_eq!(refused(&answer), ["timestamp_unreadable"]);
}

proptest! {
    #[test]
    fn hostile_answers_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(!refused(&bytes).is_empty());
        prop_assert!(!check_token(&bytes, b"value", &[], later()).1.is_empty());
    }
}
