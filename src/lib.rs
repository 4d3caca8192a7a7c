//! `bytes -> Evidence -> Assessment -> Documents -> Bundle`
//!
//! | module | what |
//! |---|---|
//! | [`catalogue`] | the control table, the managed rules, the mapping |
//! | [`engagement`], [`decision`], [`statement`], [`manual`] | what people wrote |
//! | [`evidence`] | what AWS wrote, as values |
//! | [`assess`] | findings, gaps and control results |
//! | [`report`] | the documents |

// The tests' samples are shared with tests/, where the crate has its own name.
#[cfg(test)]
extern crate self as kisms;

pub mod assess;
pub mod catalogue;
pub mod decision;
pub mod digest;
pub mod engagement;
pub mod error;
pub mod evidence;
pub mod manual;
pub mod period;
pub mod report;
pub mod statement;
pub mod time;
