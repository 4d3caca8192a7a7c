//! The one order in time: what certainly comes after what.

use crate::evidence::{Captured, ListingIndex};
use crate::period::Period;
use crate::time::Moment;

use super::Subject;

impl Subject<'_> {
    /// When the list was taken, if it says exactly when. A time that is only a lower bound orders
    /// nothing.
    pub fn taken(&self, listing: ListingIndex) -> Option<Moment> {
        match self.captured(listing) {
            Some(Captured::At(moment)) => Some(moment),
            Some(Captured::AtLeast(_)) | None => None,
        }
    }

    /// From here on nothing undoes what holds in the period: its end, or when the package is made.
    pub fn end(&self) -> Moment {
        let made = self.generated_at.to_utc();
        made.min(self.engagement.period.to.to_utc())
    }
}

/// Whether the one certainly comes after the other.
pub fn is_after(one: Option<Moment>, other: Option<Moment>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one > other)
}

/// Whether what was said at one time takes the place of what was said at another: it was said
/// certainly later, and not after the period of what was said inside it.
pub fn replaces(later: Option<Moment>, earlier: Option<Moment>, period: &Period) -> bool {
    let inside = earlier.is_some_and(|moment| period.contains(moment));
    let after = later.is_some_and(|moment| period.is_before(moment));
    is_after(later, earlier) && !(inside && after)
}

/// What nothing else replaces. The worst of what remains counts.
pub fn settle<T>(mut all: Vec<T>, replaces: impl Fn(&T, &T) -> bool) -> Vec<T> {
    let mut kept: Vec<bool> = Vec::with_capacity(all.len());
    for one in &all {
        kept.push(!all.iter().any(|other| replaces(other, one)));
    }
    let mut kept = kept.into_iter();
    all.retain(|_| kept.next().unwrap_or(true));
    all
}
