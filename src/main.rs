//! The `kisms` command.

fn main() {}
