//! The customer's recorder, and those that services keep for themselves.

use serde_json::{Value, json};

use crate::assess::tests::world::aws::{Answer, Asking, list};
use crate::assess::tests::world::clock::{FROM, iso};
use crate::assess::tests::world::estate::{Records, Site};

const OF_SERVICE: &str = "AWSConfigurationRecorderForObservabilityAdmin_x";

fn arn(site: &Site, name: &str) -> String {
    format!(
        "arn:aws:config:{}:{}:configuration-recorder/{name}/abc123",
        site.region, site.account
    )
}

fn group(records: &Records) -> Value {
    let none: [&str; 0] = [];
    let (all, global, only, except, strategy) = match records {
        Records::All(global) => (
            true,
            *global,
            &none[..],
            &none[..],
            "ALL_SUPPORTED_RESOURCE_TYPES",
        ),
        Records::Only(kinds) => (
            false,
            false,
            &kinds[..],
            &none[..],
            "INCLUSION_BY_RESOURCE_TYPES",
        ),
        Records::Except(kinds) => (
            false,
            false,
            &none[..],
            &kinds[..],
            "EXCLUSION_BY_RESOURCE_TYPES",
        ),
    };
    json!({
        "allSupported": all,
        "includeGlobalResourceTypes": global,
        "resourceTypes": only,
        "exclusionByResourceTypes": {"resourceTypes": except},
        "recordingStrategy": {"useOnly": strategy},
    })
}

pub fn described(asking: &Asking<'_>) -> Answer {
    let site = asking.site;
    let mut rows = Vec::new();
    if let Some(recorder) = &site.recorder {
        rows.push(json!({
            "arn": arn(site, "default"),
            "name": "default",
            "roleARN": format!("arn:aws:iam::{}:role/config", site.account),
            "recordingGroup": group(&recorder.records),
            "recordingScope": "PAID",
        }));
    }
    if site.internal_recorder {
        rows.push(json!({
            "arn": arn(site, OF_SERVICE),
            "name": OF_SERVICE,
            "roleARN": format!("arn:aws:iam::{}:role/config", site.account),
            "recordingGroup": group(&Records::All(true)),
            "recordingScope": "INTERNAL",
            "servicePrincipal": "observabilityadmin.amazonaws.com",
        }));
    }
    Ok(list("ConfigurationRecorders", rows))
}

pub fn statuses(asking: &Asking<'_>) -> Answer {
    let site = asking.site;
    let mut rows = Vec::new();
    if let Some(recorder) = &site.recorder {
        let mut row = json!({
            "arn": arn(site, "default"),
            "name": "default",
            "lastStartTime": iso(recorder.started),
            "recording": recorder.runs(asking.time),
            "lastStatus": "SUCCESS",
            "lastStatusChangeTime": iso(asking.time),
        });
        if let Some(stopped) = recorder.stopped.filter(|stopped| *stopped <= asking.time) {
            row["lastStopTime"] = iso(stopped).into();
        }
        rows.push(row);
    }
    if site.internal_recorder {
        rows.push(json!({
            "arn": arn(site, OF_SERVICE),
            "name": OF_SERVICE,
            "lastStartTime": iso(FROM),
            "recording": true,
            "lastStatus": "SUCCESS",
            "servicePrincipal": "observabilityadmin.amazonaws.com",
        }));
    }
    Ok(list("ConfigurationRecordersStatus", rows))
}
