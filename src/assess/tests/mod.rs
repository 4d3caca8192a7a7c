//! The rules of what a result means, each with a hand-made case of its own.

mod against;
mod always;
mod assessed;
mod case;
mod control;
mod count;
mod counted;
mod decisions;
mod finding;
mod gone;
mod identity;
mod more;
mod nothing;
mod open;
mod page;
mod parameters;
mod place;
mod scope;
mod seen;
mod sources;
mod statement;
mod table;
mod time;
mod told;
mod unseen;
mod world;
