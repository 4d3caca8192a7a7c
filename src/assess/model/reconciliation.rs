//! What became of every record.

use serde::{Deserialize, Serialize};

/// What became of every record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// Evaluation results.
    pub evaluation_results: EvaluationReconciliation,
    /// Configuration items.
    pub configuration_items: ItemReconciliation,
}

/// Every evaluation result that was read is in exactly one of these.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluationReconciliation {
    /// All that were read: the sum of the others.
    pub read: u64,
    /// The verdict of a finding of a mapped rule.
    pub findings: u64,
    /// An equal or older verdict, or another copy's or region's, of a finding.
    pub duplicates: u64,
    /// A verdict of the same time that says otherwise.
    pub contradictions: u64,
    /// On a resource that is no longer there.
    pub gone: u64,
    /// Of an account or region that is not in scope.
    pub out_of_scope: u64,
    /// Of an unknown account or region.
    pub unattributed: u64,
    /// About a resource that is not deployed.
    pub proactive: u64,
    /// Of a rule whose evaluations AWS keeps to itself.
    #[serde(default)]
    pub internal: u64,
    /// Of a rule that maps to no control.
    pub unmapped: u64,
    /// In a rejected input.
    pub rejected: u64,
}

/// Every configuration item that was read is in exactly one of these.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemReconciliation {
    /// All that were read: the sum of the others.
    pub read: u64,
    /// The latest of an existing resource.
    pub assets: u64,
    /// An equal or older one.
    pub older: u64,
    /// The latest of a resource that was deleted.
    pub deleted: u64,
    /// A verdict that AWS Config recorded as an item: no resource.
    pub compliance_items: u64,
    /// Of an account or region that is not in scope.
    pub out_of_scope: u64,
    /// Of an unknown account or region.
    pub unattributed: u64,
    /// In a rejected input.
    pub rejected: u64,
}

impl EvaluationReconciliation {
    /// Adds what became of others.
    pub fn add(&mut self, others: &Self) {
        let Self {
            read,
            findings,
            duplicates,
            contradictions,
            gone,
            out_of_scope,
            unattributed,
            proactive,
            internal,
            unmapped,
            rejected,
        } = others;
        self.read += read;
        self.findings += findings;
        self.duplicates += duplicates;
        self.contradictions += contradictions;
        self.gone += gone;
        self.out_of_scope += out_of_scope;
        self.unattributed += unattributed;
        self.proactive += proactive;
        self.internal += internal;
        self.unmapped += unmapped;
        self.rejected += rejected;
    }
}
