//! `bytes -> Evidence -> Assessment -> Documents -> Bundle`
//!
//! | module | what |
//! |---|---|
//! | [`catalogue`] | the control table, the managed rules, the mapping |
//! | [`engagement`], [`decision`], [`statement`], [`manual`] | what people wrote |
//! | [`sheet`], [`fault`] | the CSV in which they wrote it, and what is wrong in it |
//! | [`export`], [`evidence`] | what AWS wrote, and the same as values |
//! | [`assess`] | findings, gaps and control results |
//! | [`sign`] | keys, signatures, and whether they hold |
//! | [`bundle`] | the bag in its zip: written, and verified |
//! | [`report`] | the documents |

// The tests' samples are shared with tests/, where the crate has its own name.
#[cfg(test)]
extern crate self as kisms;

pub mod assess;
pub mod bundle;
mod by_product;
pub mod catalogue;
pub mod command;
pub mod decision;
pub mod digest;
pub mod engagement;
pub mod error;
pub mod evidence;
pub mod export;
pub mod fault;
pub mod manual;
pub mod period;
pub mod place;
mod private;
mod regular;
pub mod report;
pub mod sheet;
pub mod sign;
pub mod statement;
mod threads;
pub mod time;
