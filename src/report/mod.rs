//! The documents, one module each: from an [`Assessment`](crate::assess::Assessment) to bytes.

pub mod pdf;
