//! The program as a whole, run as its users run it.

mod cli;
mod common;
mod docs;
#[cfg(target_os = "linux")]
mod ended;
mod engagement;
mod environment;
mod statement;
mod templates;
