//! From evidence to findings, gaps and control results: a pure function.

mod model;

pub use model::*;
