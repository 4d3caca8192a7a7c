//! The operations, by what they tell of.

pub mod aggregate;
pub mod counts;
pub mod hub;
pub mod items;
pub mod packs;
pub mod recorders;
pub mod rules;
pub mod verdicts;
