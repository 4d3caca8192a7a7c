//! `bytes -> Evidence -> Assessment -> Documents -> Bundle`
//!
//! | module | what |
//! |---|---|
//! | [`catalogue`] | the control table, the managed rules, the mapping |
//! | [`engagement`], [`decision`], [`statement`], [`manual`] | what people wrote |
//! | [`evidence`] | what AWS wrote, as values |
//! | [`assess`] | findings, gaps and control results |
//! | [`bundle`] | the bag in its zip: written, and verified |

pub mod assess;
pub mod bundle;
pub mod catalogue;
pub mod command;
pub mod decision;
pub mod digest;
pub mod engagement;
pub mod error;
pub mod evidence;
pub mod manual;
pub mod period;
pub mod statement;
pub mod time;
