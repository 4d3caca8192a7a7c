//! When it was signed and stamped, as seen from when it is judged: nothing that is yet to come is
//! believed, and what was valid once is not taken for valid now.

use chrono::TimeDelta;

use super::{Problem, Signer, Verification};
use crate::sign::certificate::{Certificate, Purpose};
use crate::sign::trust::{TrustAnchor, check_chain};
use crate::time::{Moment, rfc3339};

/// By how much a clock may be ahead of the one that judges.
pub const TOLERANCE: TimeDelta = TimeDelta::minutes(1);
/// By how much the signer's clock may be ahead of the authority's.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// Whether this time is yet to come.
pub fn is_future(time: Moment, now: Moment) -> bool {
    time.signed_duration_since(now) > TOLERANCE
}

impl Verification {
    /// The time of a time-stamp by a trusted authority: the signature existed then. A claim of a later
    /// time is a fault.
    pub(super) fn proven_time(&mut self) -> Option<Moment> {
        let stamp = self
            .timestamp
            .as_ref()
            .filter(|stamp| stamp.authority.trusted)?;
        let (proven, claimed) = (stamp.time, self.signing_time);
        self.require(
            claimed.is_none_or(|claimed| claimed <= proven + SKEW),
            "timestamp_before_claim",
            "the signer claims to have signed after the time-stamp",
        );
        Some(proven)
    }

    /// The times that this message names.
    pub(super) fn check_times(&mut self, leaf: Option<&Certificate>, now: Moment) {
        if let Some(claimed) = self.signing_time {
            if is_future(claimed, now) {
                let message = format!(
                    "the signer claims to have signed at {}, which is yet to come at {}",
                    rfc3339(claimed),
                    rfc3339(now)
                );
                self.doubt("signing_time_future", message);
            }
            if let Some(Err(why)) = leaf.map(|leaf| leaf.check_valid_at(claimed)) {
                self.doubt("signing_time_outside", why);
            }
        }
        if let Some(message) = self.timestamp.as_ref().and_then(|stamp| stamp.future(now)) {
            self.doubt("timestamp_future", message);
        }
    }

    /// When its signer's certificate must have been valid: at the time that is proven, else at the one
    /// that is claimed, if that can be.
    pub(super) fn time_of_signing(
        &self,
        proven: Option<Moment>,
        now: Moment,
    ) -> Result<Moment, String> {
        let at = proven.or(self.signing_time);
        let at = at.ok_or("there is no signing time to judge its validity at")?;
        if is_future(at, now) {
            return Err(format!("the signing time {} is yet to come", rfc3339(at)));
        }
        Ok(at)
    }

    fn doubt(&mut self, code: &'static str, message: String) {
        self.doubts.push(Problem { code, message });
    }
}

impl Signer {
    /// Whether `leaf` is believed for this purpose: a chain was valid at `at`, or `at` says why there
    /// is no such time.
    pub(in crate::sign) fn judged(
        leaf: &Certificate,
        others: &[Certificate],
        at: Result<Moment, String>,
        trust: &[TrustAnchor],
        now: Moment,
        purpose: Purpose,
    ) -> Self {
        let chain = |at| check_chain(leaf, others, trust, at, purpose);
        let trusted = at.and_then(|at| chain(at).map(|()| at));
        let valid_until = leaf.validity().1;
        let expired = match &trusted {
            Ok(at) => chain(now.max(*at)).is_err(),
            Err(_) => now.timestamp() > valid_until.timestamp(),
        };
        Self {
            subject: leaf.subject(),
            sha256: leaf.sha256(),
            trusted: trusted.is_ok(),
            why_not: trusted.err(),
            valid_until,
            expired,
        }
    }
}
