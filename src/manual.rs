//! `evidence/2.1.1/`: manual evidence, one folder a control.

use crate::catalogue::ControlId;
use crate::digest::Digest;

/// A file of manual evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManualEvidence {
    /// `M0001`, in the order of the paths.
    pub id: String,
    /// The control in whose folder it lies.
    pub control_id: ControlId,
    /// From the engagement's folder, `/` between parts.
    pub path: String,
    /// Of its bytes.
    pub sha256: Digest,
    /// Its size.
    pub bytes: u64,
}
