//! The rules of what a result means, each with a hand-made case of its own.

mod against;
mod case;
mod control;
mod finding;
mod more;
mod nothing;
mod scope;
mod seen;
mod sources;
mod statement;
mod table;
mod unseen;
