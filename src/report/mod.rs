//! The documents, rendered from an [`Assessment`](crate::assess::Assessment) into whatever can be
//! written to; they open nothing.

pub mod csv;
pub mod json;
pub mod pdf;
pub mod table;
pub mod terminal;
pub mod thinned;
pub mod words;
pub mod xlsx;
