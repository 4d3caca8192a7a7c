//! The real AWS CLI before the same stand-in, put behind HTTP: it checks every command and option
//! of the script against AWS's own models, and it shows that `tests/aws/aws` answers as it does.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::desk::{Desk, environment, output, python, text};
use crate::{FEW, REGION};

const AWS: &str = "install the AWS CLI (`pip install awscli`) in the virtual environment that \
                   KISMS_VENV names, or for all";

type Settings<'s> = &'s [(&'s str, &'s str)];

/// The folder of the real `aws`: the virtual environment's, else the first on PATH.
fn real_aws() -> PathBuf {
    if let Some(venv) = environment("KISMS_VENV") {
        return PathBuf::from(venv).join("bin");
    }
    let mut command = Command::new("sh");
    command.args(["-c", "command -v aws"]);
    let found = text(&output(&mut command, AWS).stdout);
    let folder = Path::new(found.trim()).parent();
    folder.map(Path::to_path_buf).unwrap_or_default()
}

/// `tests/aws/server.py`, for as long as this lives.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn new(desk: &Desk, settings: Settings<'_>) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/aws/server.py");
        let mut child = Command::new(python())
            .arg(script)
            .env("STAND_IN", desk.state())
            .env("PYTHONPYCACHEPREFIX", env!("CARGO_TARGET_TMPDIR"))
            .envs(settings.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python");
        let mut port = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut port).expect("its port");
        let address = format!("http://127.0.0.1:{}", port.trim());
        Self { child, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends with its standard input.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn by_real_cli(desk: &Desk, arguments: &[&str], settings: Settings<'_>) -> Option<i32> {
    let aws = real_aws();
    assert!(
        aws.join("aws").exists(),
        "no `aws` in {}: {AWS}",
        aws.display()
    );
    let server = Server::new(desk, settings);
    let home = desk.path().to_string_lossy().into_owned();
    let credentials = [
        ("AWS_ENDPOINT_URL", server.address.as_str()),
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "none"),
        ("HOME", home.as_str()),
    ];
    let run = desk.collect_by("dash", &aws, arguments, &[settings, &credentials].concat());
    run.status.code()
}

/// What was gathered, as values: the CLI's order of keys is its own.
fn values(desk: &Desk) -> BTreeMap<String, Value> {
    let files = desk.gathered().into_iter();
    let json = files.filter(|(path, _)| {
        let extension = Path::new(path).extension();
        extension.is_some_and(|extension| extension == "json")
    });
    json.map(|(path, bytes)| (path, serde_json::from_slice(&bytes).expect("JSON")))
        .collect()
}

#[test]
fn the_real_cli_gathers_the_same_as_the_stand_in() {
    let denied = ("STAND_IN_DENY", "GetComplianceSummaryByResourceType");
    let cases: [(&[&str], Settings<'_>); 2] = [
        (&REGION, &[("KISMS_SNAPSHOT", "yes"), FEW, denied]),
        (&["--aggregator", "org", "--region", "us-east-1"], &[FEW]),
    ];
    for (arguments, settings) in cases {
        let (real, ours) = (Desk::new(), Desk::new());
        let ended = by_real_cli(&real, arguments, settings);
        let expected = ours.collect(arguments, settings);
        assert_eq!(ended, expected.status.code(), "{}", text(&expected.stderr));
        let (real_values, our_values) = (values(&real), values(&ours));
        assert!(real_values.len() > 8, "{:?}", real_values.keys());
        assert_eq!(
            real_values.keys().collect::<Vec<_>>(),
            our_values.keys().collect::<Vec<_>>()
        );
        for (path, value) in real_values {
            assert_eq!(value, our_values[&path], "{path}");
        }
        let missing = |desk: &Desk| {
            let files = desk.gathered().into_iter();
            let left = files.filter(|(path, _)| path.ends_with("/INCOMPLETE"));
            left.map(|(_, bytes)| text(&bytes)).collect::<String>()
        };
        assert!(missing(&real).contains(if arguments == REGION {
            "is not authorized"
        } else {
            "OUTDATED"
        }));
        assert_eq!(missing(&real), missing(&ours));
    }
}
