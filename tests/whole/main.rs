//! The program as a whole, run as its users run it.

mod cli;
mod common;
mod docs;
mod engagement;
mod statement;
mod templates;
