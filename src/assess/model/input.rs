//! The files, and the resources that they record.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::evidence::{Fault, InputStatus, RecordCounts};
use crate::time::AwsTime;

use super::Source;

/// A file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InputRow {
    /// `E0001`; empty for ignored files.
    pub input: String,
    /// From the engagement's folder.
    pub path: String,
    /// Its path in the bundle; empty if it does not travel.
    pub bundle_path: String,
    /// Of its bytes.
    pub sha256: Option<Digest>,
    /// Its size.
    pub bytes: u64,
    /// The operations whose output it holds.
    pub kind: String,
    /// What became of it.
    pub status: InputStatus,
    /// Why it is not complete.
    pub reason: Option<String>,
    /// When it was taken, RFC 3339; `at least` in front where it does not say so itself.
    pub captured_at: Option<String>,
    /// Its records.
    pub records: RecordCounts,
    /// What is wrong in it.
    pub faults: Vec<Fault>,
}

/// A resource of the inventory.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Asset {
    /// Twelve digits.
    pub account: String,
    /// The region, or `global`.
    pub region: String,
    /// Such as `AWS::S3::Bucket`.
    pub resource_type: String,
    /// As AWS gives it.
    pub resource_id: String,
    /// Its name.
    pub resource_name: Option<String>,
    /// Its ARN.
    pub arn: Option<String>,
    /// `resourceCreationTime`.
    pub created_at: Option<AwsTime>,
    /// `configurationItemCaptureTime`.
    pub captured_at: Option<AwsTime>,
    /// `configurationItemStatus`.
    pub status: String,
    /// `key=value`, `;` between.
    pub tags: String,
    /// Its failing findings.
    pub failing_findings: u32,
    /// Where it was read.
    pub source: Source,
}
