//! The gaps on the screen: grouped, and the commands that fill most of them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use crate::assess::{Gap, GapKind};
use crate::engagement::Language;
use crate::report::terminal::{self, escape};
use crate::report::words;

use super::Screen;

/// Groups shown on a screen; all gaps are in the JSON.
const GROUPS: usize = 12;
/// Commands shown, and of one kind of gap.
const COMMANDS: usize = 8;
const COMMANDS_OF_KIND: usize = 3;

/// Prints the gaps, which are in order, by kind and place, and what to run.
pub fn print(gaps: &[Gap], screen: &mut Screen<'_>) -> io::Result<()> {
    if gaps.is_empty() {
        return Ok(());
    }
    print_groups(gaps, screen)?;
    print_commands(gaps, screen)?;
    print_undated(gaps, screen)?;
    print_unfillable(gaps, screen)
}

/// Files that do not say when they were taken: no later answer certainly replaces them.
fn print_undated(gaps: &[Gap], screen: &mut Screen<'_>) -> io::Result<()> {
    let files: BTreeSet<&str> = gaps.iter().map(|gap| gap.at.remove.as_str()).collect();
    let files: Vec<&str> = files.into_iter().filter(|file| !file.is_empty()).collect();
    if files.is_empty() {
        return Ok(());
    }
    let head = screen.words(
        "언제 받았는지 알 수 없는 파일입니다. 새 답을 저장한 뒤 빼야 판정이 정리됩니다:",
        "these files do not say when they were taken; take them out once the new answers are there:",
    );
    let text = format!("{head} {}", escape(&some(&files)));
    writeln!(screen.out)?;
    terminal::paragraph(&mut screen.out, screen.width, 0, &text)
}

/// No export can tell of rules that do not run, nor make weaker or unknown parameters stronger.
fn print_unfillable(gaps: &[Gap], screen: &mut Screen<'_>) -> io::Result<()> {
    for (kind, says) in [
        (
            GapKind::NotDeployed,
            not_deployed as fn(Language, &Rules<'_>) -> String,
        ),
        (GapKind::WeakerParameters, weaker),
        (GapKind::UnknownParameter, unknown),
    ] {
        let of_kind = gaps.iter().filter(|gap| gap.kind == kind);
        let rules: Rules<'_> = of_kind.map(|gap| (&*gap.rule, &*gap.detail)).collect();
        if !rules.is_empty() {
            writeln!(screen.out)?;
            let text = says(screen.language, &rules);
            terminal::paragraph(&mut screen.out, screen.width, 0, &text)?;
        }
    }
    Ok(())
}

/// Rules, each with a detail of its gap.
type Rules<'g> = BTreeMap<&'g str, &'g str>;

fn not_deployed(language: Language, rules: &Rules<'_>) -> String {
    let count = rules.len();
    match language {
        Language::Ko => format!(
            "배포되지 않은 규칙 {count}개는 어떤 내보내기로도 채울 수 없습니다. 규칙을 배포해 평가한 뒤 다시 내보내십시오. AWS의 K-ISMS 적합성 팩에 이 규칙들이 있습니다."
        ),
        Language::En => format!(
            "Rules that are not deployed: {count}. No export fills that: deploy them, let them run, and export again; AWS's conformance pack for K-ISMS has them."
        ),
    }
}

fn unknown(language: Language, rules: &Rules<'_>) -> String {
    let named: Vec<String> = (rules.iter())
        .map(|(rule, parameters)| format!("{rule} ({parameters})"))
        .collect();
    let named = some(&named.iter().map(String::as_str).collect::<Vec<_>>());
    match language {
        Language::Ko => format!(
            "이름이나 값이 알려지지 않은 매개변수로 배포된 규칙: {named}. 매개변수를 빼고 다시 배포하거나, 기관이 정한 값이면 근거 문서와 함께 kisms.toml의 `[policy]`에 적으십시오."
        ),
        Language::En => format!(
            "Rules under parameters whose name or value is not known: {named}. Deploy them without or, where your organisation sets the value, give it with its document in `[policy]` of kisms.toml."
        ),
    }
}

fn weaker(language: Language, rules: &Rules<'_>) -> String {
    let count = rules.len();
    match language {
        Language::Ko => format!(
            "기준보다 약한 매개변수로 배포된 규칙 {count}개는 기준대로 다시 배포하거나, 기관이 정한 값이면 근거 문서와 함께 kisms.toml의 `[policy]`에 적으십시오."
        ),
        Language::En => format!(
            "Rules under weaker parameters: {count}. Deploy them as the baseline asks or, where your organisation sets other values, give them with their document in `[policy]` of kisms.toml."
        ),
    }
}

fn place(gap: &Gap) -> (GapKind, &str, &str) {
    (gap.kind, &gap.at.account, &gap.at.region)
}

fn print_groups(gaps: &[Gap], screen: &mut Screen<'_>) -> io::Result<()> {
    let groups = gaps.chunk_by(|one, other| place(one) == place(other));
    let row = |group: &[Gap]| {
        let named = group.iter().map(|gap| match &*gap.rule {
            "" => &*gap.at.input,
            rule => rule,
        });
        let named: Vec<&str> = named.filter(|name| !name.is_empty()).collect();
        vec![
            screen.term("gap", &group[0].kind),
            group[0].at.account.clone(),
            group[0].at.region.clone(),
            group.len().to_string(),
            some(&named),
        ]
    };
    let rows: Vec<Vec<String>> = groups.clone().take(GROUPS).map(row).collect();
    let headers = match screen.language {
        Language::Ko => [words::GAPS, "계정", "리전", "수", "규칙 또는 입력"],
        Language::En => ["gap", "account", "region", "n", "rules or inputs"],
    };
    writeln!(screen.out)?;
    terminal::table(&mut screen.out, screen.width, &headers, &rows)?;
    let count = groups.count();
    if count > GROUPS {
        let all = screen.words("전체는 --format json", "all of them with --format json");
        writeln!(screen.out, "{GROUPS} / {count}: {all}")?;
    }
    Ok(())
}

/// The first few names, and how many more there are.
fn some(names: &[&str]) -> String {
    const SHOWN: usize = 2;
    let shown = names
        .iter()
        .take(SHOWN)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown}, +{more}"),
    }
}

/// Commands that differ in nothing but the rule, and how many gaps of a kind they fill.
#[derive(Debug, PartialEq, Eq)]
struct Filling<'g> {
    gaps: usize,
    kind: GapKind,
    account: &'g str,
    commands: BTreeSet<&'g str>,
}

impl Filling<'_> {
    /// Whether the commands change nothing in AWS: what is not known to read is taken to change.
    fn only_reads(&self) -> bool {
        let reads = |command: &&str| {
            let operation = command.split(' ').nth(2).unwrap_or_default();
            let verb = operation.split('-').next().unwrap_or_default();
            matches!(verb, "batch" | "describe" | "get" | "list" | "select")
        };
        self.commands.iter().all(reads)
    }
}

/// The commands, those that fill most gaps first.
fn fillings(gaps: &[Gap]) -> Vec<Filling<'_>> {
    let mut alike: BTreeMap<(&str, GapKind, String), Filling<'_>> = BTreeMap::new();
    for gap in gaps.iter().filter(|gap| !gap.at.command.is_empty()) {
        let key = (&*gap.at.account, gap.kind, operation(&gap.at.command));
        let filling = alike.entry(key).or_insert_with(|| Filling {
            gaps: 0,
            kind: gap.kind,
            account: &gap.at.account,
            commands: BTreeSet::new(),
        });
        filling.gaps += 1;
        filling.commands.insert(&gap.at.command);
    }
    let mut fillings: Vec<Filling<'_>> = alike.into_values().collect();
    // Stable: of commands that fill as many, by account and kind.
    fillings.sort_by_key(|filling| Reverse(filling.gaps));
    fillings
}

/// `aws SERVICE OPERATION` and the region.
fn operation(command: &str) -> String {
    let words = command.split(' ').take(3);
    let region = command
        .split_once(" --region ")
        .map_or("", |(_, rest)| rest);
    let region = region.split(' ').next();
    words.chain(region).collect::<Vec<_>>().join(" ")
}

/// As many as are read on a screen: no kind of gap crowds out the others.
fn chosen<'f, 'g>(fillings: &'f [Filling<'g>]) -> Vec<&'f Filling<'g>> {
    let mut of_kind: BTreeMap<GapKind, usize> = BTreeMap::new();
    let fits = |filling: &&Filling<'_>| {
        let shown = of_kind.entry(filling.kind).or_default();
        *shown += 1;
        *shown <= COMMANDS_OF_KIND
    };
    fillings.iter().filter(fits).take(COMMANDS).collect()
}

fn print_commands(gaps: &[Gap], screen: &mut Screen<'_>) -> io::Result<()> {
    let (reading, changing): (Vec<_>, Vec<_>) =
        fillings(gaps).into_iter().partition(Filling::only_reads);
    let at_once = screen.words(
        "명령으로 채울 수 있는 것, 한꺼번에: `kisms collect > collect.sh`, 그 뒤 계정마다 `sh collect.sh exports`",
        "what commands can fill, at once: `kisms collect > collect.sh`, then `sh collect.sh exports` in each account",
    );
    let one_by_one = screen.words(
        "또는 하나씩, kisms.toml이 있는 폴더에서 (`>` 뒤의 폴더를 먼저 만든 뒤):",
        "or one by one, in the folder of kisms.toml (make the folder behind `>` first):",
    );
    print_fillings(&[at_once, one_by_one], &reading, screen)?;
    let changes = screen.words(
        "AWS Config의 설정을 바꾸는 것 (검토한 뒤, 권한이 있는 사람이):",
        "what would change AWS Config itself (to be judged first, by whoever may):",
    );
    print_fillings(&[changes], &changing, screen)
}

fn print_fillings(
    heads: &[&str],
    fillings: &[Filling<'_>],
    screen: &mut Screen<'_>,
) -> io::Result<()> {
    if fillings.is_empty() {
        return Ok(());
    }
    writeln!(screen.out)?;
    for head in heads {
        terminal::paragraph(&mut screen.out, screen.width, 0, head)?;
    }
    let chosen = chosen(fillings);
    for filling in &chosen {
        print_filling(filling, screen)?;
    }
    if fillings.len() > chosen.len() {
        let (shown, all) = (chosen.len(), fillings.len());
        let rest = screen.words(
            "명령 전체는 --format json",
            "all commands with --format json",
        );
        writeln!(screen.out, "{shown} / {all}: {rest}")?;
    }
    Ok(())
}

fn print_filling(filling: &Filling<'_>, screen: &mut Screen<'_>) -> io::Result<()> {
    let counted = screen.counted("gap", &filling.kind, filling.gaps);
    let head = format!("  {}: {counted}", filling.account).replace('\u{a0}', " ");
    // A command is one line, to be copied.
    let command = filling.commands.first().copied().unwrap_or_default();
    writeln!(screen.out, "{}\n    {}", escape(&head), escape(command))?;
    if filling.commands.len() == 1 {
        return Ok(());
    }
    let more = filling.commands.len() - 1;
    let more = match screen.language {
        Language::Ko => format!("외 규칙마다 하나씩 {more}개"),
        Language::En => format!("and {more} more like it, one a rule"),
    };
    writeln!(screen.out, "    {more}")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::assess::{GapAt, GapOf};

    fn gap(kind: GapKind, account: &str, rule: &str, command: &str) -> Gap {
        Gap {
            of: Arc::new(GapOf {
                kind,
                rule: rule.to_owned(),
                controls: Vec::new(),
                detail: String::new(),
            }),
            at: Arc::new(GapAt {
                account: account.to_owned(),
                region: "us-east-1".to_owned(),
                command: command.to_owned(),
                ..GapAt::default()
            }),
        }
    }

    #[test]
    fn a_command_that_changes_something_does_not_stand_among_those_that_read() {
        let gaps = [
            gap(
                GapKind::NarrowedScope,
                "1",
                "a",
                "aws configservice put-config-rule --x y",
            ),
            gap(
                GapKind::NotChecked,
                "1",
                "b",
                "aws configservice describe-config-rules",
            ),
        ];
        let reads: Vec<bool> = fillings(&gaps).iter().map(Filling::only_reads).collect();
        assert_eq!(reads, [true, false]);
        let mut out = Vec::new();
        let mut screen = Screen {
            out: &mut out,
            err: &mut io::sink(),
            language: Language::En,
            width: usize::MAX,
        };
        print(&gaps, &mut screen).expect("memory");
        let text = String::from_utf8(out).expect("text");
        let (reading, changing) = text
            .split_once("change AWS Config itself")
            .expect("two lists");
        assert!(reading.contains("describe-config-rules") && !reading.contains("put-"));
        assert!(changing.contains("put-config-rule"));
    }

    #[test]
    fn what_fills_most_comes_first_and_no_kind_crowds_out_another() {
        let mut gaps = vec![
            gap(GapKind::Partial, "1", "a", "page"),
            gap(GapKind::NotChecked, "1", "b", "rules"),
            gap(GapKind::NotChecked, "1", "c", "rules"),
            gap(GapKind::NotChecked, "2", "c", "rules"),
            gap(GapKind::Unmapped, "1", "d", ""),
        ];
        for rule in ["e", "f", "g", "h"] {
            gaps.push(gap(GapKind::NotChecked, "3", rule, rule));
            let like = format!("aws c details --rule {rule} --region r");
            gaps.push(gap(GapKind::Partial, "3", rule, &like));
        }
        let fillings = fillings(&gaps);
        let first = (
            fillings[0].gaps,
            fillings[0].account,
            fillings[0].commands.len(),
        );
        assert_eq!(first, (4, "3", 4), "one a rule");
        assert_eq!(fillings[1].commands, BTreeSet::from(["rules"]));
        assert_eq!(fillings.len(), 8);
        let chosen = chosen(&fillings);
        let kinds: Vec<GapKind> = chosen.iter().map(|filling| filling.kind).collect();
        assert!(kinds.contains(&GapKind::Partial), "{kinds:?}");
        let unchecked = kinds.iter().filter(|kind| **kind == GapKind::NotChecked);
        assert_eq!(unchecked.count(), COMMANDS_OF_KIND);
    }
    #[test]
    fn what_no_export_fills_is_said_with_what_to_do_instead() {
        let shown = |kinds: &[GapKind], language| {
            let gaps: Vec<Gap> = kinds.iter().map(|kind| gap(*kind, "1", "r", "")).collect();
            let mut out = Vec::new();
            let mut screen = Screen {
                out: &mut out,
                err: &mut io::sink(),
                language,
                width: usize::MAX,
            };
            print_unfillable(&gaps, &mut screen).expect("memory");
            String::from_utf8(out).expect("text")
        };
        assert_eq!(shown(&[GapKind::Partial], Language::En), "");
        let both = [
            GapKind::NotDeployed,
            GapKind::WeakerParameters,
            GapKind::WeakerParameters,
        ];
        let text = shown(&both, Language::En);
        assert!(text.contains("not deployed: 1."), "{text}");
        assert!(text.contains("weaker parameters: 1."), "one rule: {text}");
        let text = shown(&both[1..], Language::Ko);
        assert!(text.contains("약한 매개변수로 배포된 규칙 1개"), "{text}");
        assert!(!text.contains("배포되지 않은"), "{text}");
    }
}
