//! What systems and programs leave beside people's files, known by name: one list for every place where
//! files are listed.

/// Names that one kind of writer leaves; in lower case, `*` stands for anything.
struct Writer {
    /// What a file of these names is.
    left: &'static str,
    files: &'static [&'static str],
    /// All that is in them is theirs.
    folders: &'static [&'static str],
}

const WRITERS: &[Writer] = &[
    Writer {
        left: "left behind by macOS",
        // A carriage return ends `Icon`; file servers keep it as U+F00D.
        files: &[
            "._*",
            ".ds_store",
            ".localized",
            "icon\r",
            "icon\u{f00d}",
            ".apdisk",
            ".volumeicon.icns",
            ".com.apple.timemachine.*",
            ".metadata_never_index",
        ],
        folders: &[
            "__macosx",
            ".appledouble",
            ".documentrevisions-v100",
            ".fseventsd",
            ".spotlight-v100",
            ".temporaryitems",
            ".trashes",
        ],
    },
    Writer {
        left: "left behind by Windows",
        // An alternate data stream that was copied as a file, its colon kept, mapped (U+F03A) or replaced.
        files: &[
            "thumbs.db",
            "ehthumbs.db",
            "ehthumbs_vista.db",
            "desktop.ini",
            "*zone.identifier",
            "*zone.identifier:$data",
            "*:smartscreen",
            "*\u{f03a}smartscreen",
            "thumbs.db:encryptable",
            "thumbs.db\u{f03a}encryptable",
        ],
        folders: &["$recycle.bin", "recycler", "system volume information"],
    },
    Writer {
        left: "left behind by a program that had a file open",
        files: &["~$*", ".~lock.*#", "*.tmp"],
        folders: &[],
    },
    Writer {
        left: "an editor's backup or swap file",
        files: &["*~", ".*.swp", ".*.swo", ".*.swn", "#*#", ".#*"],
        folders: &[],
    },
    Writer {
        left: "left behind by a Linux desktop or file system",
        files: &[".directory", ".fuse_hidden*", ".nfs*"],
        folders: &[".trash", ".trash-*", "lost+found"],
    },
    Writer {
        left: "left behind by a file server or a synchronising program",
        files: &[
            "*:afp_afpinfo",
            "*\u{f03a}afp_afpinfo",
            "*:afp_resource",
            "*\u{f03a}afp_resource",
            "*@synoeastream",
            "*@synoresource",
            ".dropbox",
            ".dropbox.attr",
        ],
        folders: &[
            "@eadir",
            "@recycle",
            "#recycle",
            "#snapshot",
            ".@__thumb",
            ".dropbox.cache",
            ".stfolder",
            ".stversions",
        ],
    },
    Writer {
        left: "left behind by version control",
        files: &[".gitignore", ".gitattributes", ".gitkeep"],
        folders: &[".git", ".svn", ".hg"],
    },
];

/// What the file at this path is, with `/` between parts, if its name or that of a folder around it is
/// one of a by-product.
pub fn of(path: &str) -> Option<&'static str> {
    find(path).map(|(left, _)| left)
}

/// The same of a folder by its name alone.
pub fn of_folder(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    left(|writer| writer.folders, &name)
}

/// The path up to the outermost part that is a by-product: what has to be removed.
pub fn outermost(path: &str) -> Option<&str> {
    find(path).map(|(_, outermost)| outermost)
}

fn find(path: &str) -> Option<(&'static str, &str)> {
    let ends = path.match_indices('/').map(|(end, _)| end);
    ends.chain([path.len()]).find_map(|end| {
        let name = path[..end].rsplit('/').next().unwrap_or_default();
        let name = name.to_lowercase();
        let file = end == path.len();
        let left = left(|writer| writer.folders, &name)
            .or_else(|| left(|writer| writer.files, &name).filter(|_| file))?;
        Some((left, &path[..end]))
    })
}

fn left(names: fn(&Writer) -> &'static [&'static str], name: &str) -> Option<&'static str> {
    let mut writers = WRITERS.iter();
    let writer = writers.find(|writer| names(writer).iter().any(|known| fits(known, name)))?;
    Some(writer.left)
}

fn fits(known: &str, name: &str) -> bool {
    match known.split_once('*') {
        None => known == name,
        Some((start, end)) => name
            .strip_prefix(start)
            .is_some_and(|rest| rest.ends_with(end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engagement::Language;
    use crate::report::words::word;

    #[test]
    fn by_products_are_known_by_their_names_and_their_folders() {
        for path in [
            "._자산.xlsx",
            "a/.DS_Store",
            "a/.Spotlight-V100/Store-V2/x",
            "__MACOSX/a/b.json",
            "Icon\r",
            "THUMBS.DB",
            "a.pdf:Zone.Identifier",
            "a.pdf\u{f03a}Zone.Identifier",
            "a.pdf_Zone.Identifier",
            "a.pdfZone.Identifier",
            "a.pdf:Zone.Identifier:$DATA",
            "$Recycle.Bin/S-1-5-21/$I1.json",
            "System Volume Information/WPSettings.dat",
            "~$규정.docx",
            ".~lock.규정.odt#",
            "~WRL0001.tmp",
            "규정.txt~",
            ".규정.txt.swp",
            "#규정.txt#",
            "a/.directory",
            ".Trash-1000/files/a.json",
            "@eaDir/a.json/SYNOINDEX_MEDIA_INFO",
            ".git/HEAD",
            ".gitkeep",
        ] {
            assert!(of(path).is_some(), "{path}");
        }
    }

    #[test]
    fn what_people_name_is_none() {
        for path in [
            "a.json",
            "icon.png",
            "Icon",
            "directory",
            "trash/a.json",
            "zone.pdf",
            "~a.docx",
            "a~b.json",
            "temp.json",
            "tmp/a.json",
            "backup~/a.json",
            ".a.json",
            "#1 회의록.pdf",
            "localized",
            "",
        ] {
            assert_eq!(of(path), None, "{path}");
        }
        assert_eq!(of_folder("backup~"), None);
        assert!(of_folder("@eaDir").is_some());
    }

    #[test]
    fn what_has_to_be_removed_is_the_outermost_part() {
        assert_eq!(outermost("a/__MACOSX/b/._c"), Some("a/__MACOSX"));
        assert_eq!(outermost("data/.DS_Store"), Some("data/.DS_Store"));
        assert_eq!(outermost("data/a.json"), None);
    }

    #[test]
    fn each_writer_is_named_in_korean_too() {
        for writer in WRITERS {
            let left = writer.left;
            assert!(word(Language::Ko, "said", left).is_some(), "{left}");
            let mut names = writer.files.iter().chain(writer.folders);
            assert!(names.all(|name| *name == name.to_lowercase()), "{left}");
        }
    }
}
