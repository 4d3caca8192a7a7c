//! Documents, rendered from an [`Assessment`](crate::assess::Assessment) into whatever can be
//! written to; they open nothing.

pub mod csv;
pub mod json;
pub mod table;
pub mod terminal;
//! The documents, one module each: from an [`Assessment`](crate::assess::Assessment) to bytes.

pub mod pdf;
