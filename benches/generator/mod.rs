//! Makes exports of any size, always the same: resources and verdicts of a company that does not
//! exist. Nothing is drawn by chance but from the number of each element.

#![allow(dead_code, reason = "each bench uses a part of it")]

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::Path;

use flate2::{Compression, write::GzEncoder};
use kisms::catalogue::catalogue;

/// The account.
pub const ACCOUNT: &str = "111122223333";
/// Its regions.
pub const REGIONS: [&str; 2] = ["ap-northeast-2", "us-east-1"];

/// Those that every account has.
const ALL_REGIONS: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

const TYPES: [&str; 12] = [
    "AWS::EC2::Instance",
    "AWS::EC2::Volume",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::NetworkInterface",
    "AWS::EC2::Subnet",
    "AWS::S3::Bucket",
    "AWS::IAM::Role",
    "AWS::IAM::Policy",
    "AWS::Lambda::Function",
    "AWS::RDS::DBInstance",
    "AWS::CloudWatch::Alarm",
    "AWS::KMS::Key",
];

/// Well mixed bits of a number (the finaliser of splitmix64).
fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A moment of the quarter, in milliseconds.
fn time(number: u64) -> String {
    let day = mix(number) % 28 + 1;
    let rest = mix(number + 1);
    format!(
        "2026-09-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
        rest % 24,
        rest / 24 % 60,
        rest / 1440 % 60,
        rest / 86_400 % 1000
    )
}

/// A resource's type and id.
fn resource(number: u64) -> (&'static str, String) {
    let kind = TYPES[usize::try_from(mix(number) % 12).expect("small")];
    let short = kind.rsplit("::").next().unwrap_or_default().to_lowercase();
    (kind, format!("{short}-{:017x}", mix(number + 7) >> 4))
}

/// Writes a configuration snapshot of at least so many bytes; gives how many items it has.
pub fn snapshot(out: &mut impl Write, bytes: u64) -> io::Result<u64> {
    let head = r#"{"fileVersion":"1.0","configSnapshotId":"0b0c7f3e-3ab8-4a3c-9d51-2f6ac1f0b0a1","configurationItems":["#;
    out.write_all(head.as_bytes())?;
    let (mut written, mut items) = (head.len() as u64, 0);
    while written < bytes {
        let item = item(items);
        let between = if items == 0 { "" } else { "," };
        out.write_all(between.as_bytes())?;
        out.write_all(item.as_bytes())?;
        written += (between.len() + item.len()) as u64;
        items += 1;
    }
    out.write_all(b"]}")?;
    Ok(items)
}

/// One item with the keys in AWS Config's order, about 2.5 kB.
fn item(number: u64) -> String {
    let (kind, id) = resource(number);
    let (region, bits) = (REGIONS[0], mix(number + 3));
    let rules: Vec<String> = (0..bits % 5 + 3)
        .map(|n| {
            let (port, net) = (mix(number + n) % 65_536, mix(number * 31 + n));
            format!(
                r#"{{"fromPort":{port},"ipProtocol":"tcp","ipv6Ranges":[],"prefixListIds":[],"toPort":{port},"userIdGroupPairs":[],"ipv4Ranges":[{{"cidrIp":"10.{}.{}.0/24","description":"한빛몰 서비스 {n}"}}],"ipRanges":["10.{}.{}.0/24"]}}"#,
                net % 256, net / 256 % 256, net % 256, net / 256 % 256
            )
        })
        .collect();
    // As much that cannot be foretold as real items have: they shrink to a seventh.
    let digests = (0..28).fold(String::new(), |digests, n| {
        digests + &format!("{:016x}", mix(number * 32 + n))
    });
    format!(
        concat!(
            r#"{{"relatedEvents":[],"relationships":[{{"resourceId":"vpc-{vpc:017x}","resourceType":"AWS::EC2::VPC","name":"Is contained in Vpc"}}],"#,
            r#""configuration":{{"description":"managed by the platform team","groupName":"{id}","ipPermissions":[{rules}],"ownerId":"{account}","groupId":"{id}","digests":"{digests}","#,
            r#""ipPermissionsEgress":[{{"ipProtocol":"-1","ipv6Ranges":[],"prefixListIds":[],"userIdGroupPairs":[],"ipv4Ranges":[{{"cidrIp":"0.0.0.0/0"}}],"ipRanges":["0.0.0.0/0"]}}],"#,
            r#""policy":"%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3AGetObject%22%2C%22Resource%22%3A%22{bits:x}%22%7D%5D%7D","#,
            r#""tags":[{{"key":"Name","value":"{id}"}}],"vpcId":"vpc-{vpc:017x}"}},"supplementaryConfiguration":{{"unsupportedResources":[]}},"#,
            r#""tags":{{"Name":"{id}","Env":"{env}","Owner":"플랫폼팀","CostCenter":"cc-{cost}"}},"configurationItemVersion":"1.3","#,
            r#""configurationItemCaptureTime":"{captured}","configurationStateId":{state},"awsAccountId":"{account}","configurationItemStatus":"OK","#,
            r#""resourceType":"{kind}","resourceId":"{id}","resourceName":"{id}-name","ARN":"arn:aws:service:{region}:{account}:resource/{id}","#,
            r#""awsRegion":"{region}","availabilityZone":"{region}a","configurationStateMd5Hash":"","resourceCreationTime":"{created}"}}"#
        ),
        vpc = bits % 100,
        id = id,
        rules = rules.join(","),
        digests = digests,
        account = ACCOUNT,
        bits = bits,
        env = ["prod", "stage", "dev"][usize::try_from(bits % 3).expect("small")],
        cost = bits % 40,
        captured = time(number),
        state = 1_790_000_000_000 + number,
        kind = kind,
        region = region,
        created = time(number + 5),
    )
}

/// Writes an answer of get-compliance-details-by-config-rule with these rows of all; one in so many
/// fails.
pub fn evaluations(
    out: &mut impl Write,
    rule: &str,
    rows: Range<u64>,
    one_in: u64,
) -> io::Result<()> {
    out.write_all(b"{\"EvaluationResults\":[")?;
    for number in rows.clone() {
        let (_, id) = resource(number % 300_000);
        let fails = mix(number).is_multiple_of(one_in);
        let (verdict, remark) = if fails {
            (
                "NON_COMPLIANT",
                r#","Annotation":"This resource does not meet the rule.""#,
            )
        } else {
            ("COMPLIANT", "")
        };
        let between = if number == rows.start { "" } else { "," };
        let (invoked, recorded) = (time(number), time(number));
        write!(
            out,
            r#"{between}{{"EvaluationResultIdentifier":{{"EvaluationResultQualifier":{{"ConfigRuleName":"{rule}","ResourceType":"{kind}","ResourceId":"{id}","EvaluationMode":"DETECTIVE"}},"OrderingTimestamp":"{invoked}"}},"ComplianceType":"{verdict}","ResultRecordedTime":"{recorded}","ConfigRuleInvokedTime":"{invoked}"{remark}}}"#,
            kind = kind_of(rule, number),
        )?;
    }
    out.write_all(b"]}")
}

fn kind_of(rule: &str, number: u64) -> &'static str {
    let known = catalogue()
        .rules
        .get(rule)
        .and_then(|rule| rule.resource_types.first());
    known.map_or_else(|| resource(number % 300_000).0, String::as_str)
}

/// An engagement's folder with nothing exported yet, signed with the demo key.
pub fn engagement(dir: &Path) -> io::Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    fs::create_dir_all(dir.join("exports"))?;
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys");
    fs::copy(
        keys.join("demo-signer-not-secret.p12"),
        dir.join("signer.p12"),
    )?;
    let regions = REGIONS.map(|region| format!("\"{region}\"")).join(", ");
    fs::write(
        dir.join("kisms.toml"),
        format!(
            "[engagement]\norganization = \"주식회사 예시\"\nscope = \"예시\"\nscheme = \"isms-p\"\n\
             period = \"2026Q3\"\nprepared_by = \"홍길동\"\nreviewed_by = \"김감사\"\nlanguage = \"ko\"\n\
             timezone = \"+09:00\"\n\n[accounts]\n\"{ACCOUNT}\" = {{ name = \"prod\", regions = [{regions}] }}\n\n\
             [signing]\nkey = \"signer.p12\"\n"
        ),
    )
}

/// Puts a snapshot into an engagement, plain or packed; gives its path.
pub fn with_snapshot(dir: &Path, bytes: u64, packed: bool) -> io::Result<std::path::PathBuf> {
    let place = dir.join("exports").join(ACCOUNT).join(REGIONS[0]);
    fs::create_dir_all(&place)?;
    let path = place.join(if packed {
        "snapshot.json.gz"
    } else {
        "snapshot.json"
    });
    let mut out = BufWriter::new(File::create(&path)?);
    if packed {
        let mut gzip = GzEncoder::new(out, Compression::new(6));
        snapshot(&mut gzip, bytes)?;
        gzip.finish()?.flush()?;
    } else {
        snapshot(&mut out, bytes)?;
        out.flush()?;
    }
    Ok(path)
}

/// Puts so many verdicts into an engagement, in so many files: one a rule and region. One in so many
/// fails.
pub fn with_evaluations(dir: &Path, rows: u64, files: u64, one_in: u64) -> io::Result<()> {
    let rules: Vec<&String> = catalogue().rules.keys().collect();
    for file in 0..files {
        let at = usize::try_from(file).expect("few");
        let (rule, region) = (rules[at % rules.len()], REGIONS[at / rules.len() % 2]);
        let place = dir.join("exports").join(ACCOUNT).join(region);
        fs::create_dir_all(&place)?;
        let path = place.join(format!("{rule}.json"));
        let mut out = BufWriter::new(File::create(path)?);
        let (first, last) = (rows * file / files, rows * (file + 1) / files);
        evaluations(&mut out, rule, first..last, one_in)?;
        out.flush()?;
    }
    Ok(())
}

/// Writes `decisions.csv`: so many exceptions, each of one of the verdicts that the same numbers gave
/// [`with_evaluations`].
pub fn with_decisions(dir: &Path, decisions: u64, rows: u64, files: u64) -> io::Result<()> {
    let rules: Vec<&String> = catalogue().rules.keys().collect();
    let mut out = BufWriter::new(File::create(dir.join("decisions.csv"))?);
    writeln!(
        out,
        "id,kind,control_id,rule,account,region,resource_id,finding_id,fingerprint,reason,owner,approver,approved_on,expires_on,evidence"
    )?;
    for decision in 0..decisions {
        let number = decision * rows / decisions;
        let file = usize::try_from(number * files / rows).expect("few");
        let (rule, region) = (rules[file % rules.len()], REGIONS[file / rules.len() % 2]);
        let (_, id) = resource(number % 300_000);
        writeln!(
            out,
            "D-{decision},exception,,{rule},{ACCOUNT},{region},{id},,,대체 통제,홍길동,김감사,2026-09-01,2026-12-31,"
        )?;
    }
    out.flush()
}

/// Writes an answer of describe-compliance-by-resource with so many resources that fail.
pub fn with_failing_resources(dir: &Path, failing: u64) -> io::Result<()> {
    let place = dir.join("exports").join(ACCOUNT).join(REGIONS[0]);
    fs::create_dir_all(&place)?;
    let file = File::create(place.join("describe-compliance-by-resource.json"))?;
    let mut out = BufWriter::new(file);
    out.write_all(b"{\"ComplianceByResources\":[")?;
    for number in 0..failing {
        let (kind, id) = resource(number);
        let between = if number == 0 { "" } else { "," };
        write!(
            out,
            r#"{between}{{"ResourceType":"{kind}","ResourceId":"{id}","Compliance":{{"ComplianceType":"NON_COMPLIANT","ComplianceContributorCount":{{"CappedCount":1,"CapExceeded":false}}}}}}"#
        )?;
    }
    out.write_all(b"]}")?;
    out.flush()
}

/// An organisation's engagement: so many accounts in so many regions, in each one small answer on one
/// rule.
pub fn organization(dir: &Path, accounts: u64, regions: usize) -> io::Result<()> {
    engagement(dir)?;
    let regions = &ALL_REGIONS[..regions];
    let listed = regions.iter().map(|region| format!("\"{region}\""));
    let listed = listed.collect::<Vec<_>>().join(", ");
    let text = fs::read_to_string(dir.join("kisms.toml"))?;
    let one = text.lines().find(|line| line.contains(ACCOUNT));
    let one = one.ok_or_else(|| io::Error::other("no account"))?;
    let numbers = (0..accounts).map(|account| 200_000_000_000 + account);
    let all = numbers.clone().map(|account| {
        format!("\"{account}\" = {{ name = \"a{account}\", regions = [{listed}] }}")
    });
    let all = all.collect::<Vec<_>>().join("\n");
    fs::write(dir.join("kisms.toml"), text.replace(one, &all))?;
    let rules: Vec<&String> = catalogue().rules.keys().collect();
    for account in numbers {
        for (at, region) in (0..).zip(regions) {
            let place = dir.join("exports").join(account.to_string()).join(region);
            fs::create_dir_all(&place)?;
            let number = account + at;
            let rule = rules[usize::try_from(mix(number) % rules.len() as u64).expect("few")];
            let mut out = BufWriter::new(File::create(place.join("details.json"))?);
            evaluations(&mut out, rule, number..number + 3, 10)?;
            out.flush()?;
        }
    }
    Ok(())
}
