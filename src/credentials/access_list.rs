//! Whom the access list of a file on Windows lets in, read from the text that Windows makes of it.
//!
//! The form is SDDL: <https://learn.microsoft.com/en-us/windows/win32/secauthz/ace-strings>. It is the
//! same in every language of Windows. Nothing here asks Windows but [`text_of`], so that all of it is
//! tried on every system.

use std::io;
use std::path::Path;

/// A group that takes in whoever uses the machine, or nearly so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crowd {
    /// Everybody, with a name or without.
    Everyone,
    /// Whoever signed in with a name.
    AuthenticatedUsers,
    /// The users of this machine.
    Users,
    /// Whoever sits at this machine.
    Interactive,
    /// The guests of this machine.
    Guests,
    /// The users of the domain.
    DomainUsers,
}

/// Each with the two letters and the number that stand for it. That of the last has the domain's own
/// number between its beginning and its end.
const CROWDS: [(Crowd, &str, &str); 6] = [
    (Crowd::Everyone, "WD", "S-1-1-0"),
    (Crowd::AuthenticatedUsers, "AU", "S-1-5-11"),
    (Crowd::Users, "BU", "S-1-5-32-545"),
    (Crowd::Interactive, "IU", "S-1-5-4"),
    (Crowd::Guests, "BG", "S-1-5-32-546"),
    (Crowd::DomainUsers, "DU", "S-1-5-21-*-513"),
];

impl Crowd {
    /// Its name as an English Windows shows it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Everyone => "Everyone",
            Self::AuthenticatedUsers => "Authenticated Users",
            Self::Users => "Users",
            Self::Interactive => "Interactive",
            Self::Guests => "Guests",
            Self::DomainUsers => "Domain Users",
        }
    }

    fn of(trustee: &str) -> Option<Self> {
        let is = |(_, letters, number): &&(Self, &str, &str)| match number.split_once('*') {
            Some((begin, end)) => {
                trustee == *letters || (trustee.starts_with(begin) && trustee.ends_with(end))
            }
            None => trustee == *letters || trustee == *number,
        };
        CROWDS.iter().find(is).map(|(crowd, ..)| *crowd)
    }
}

/// What an access list lets such groups do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// These may read the file.
    pub read: Vec<Crowd>,
    /// These may change the file, or let themselves do it.
    pub write: Vec<Crowd>,
    /// These may put another file in the place of one, where it is the list of a folder.
    pub replace: Vec<Crowd>,
}

const READ: u32 = 0x1;
const ADD_FILE: u32 = 0x2;
const DELETE_CHILD: u32 = 0x40;
/// To write, to append, to change the list, to take over.
const WRITE: [u32; 4] = [0x2, 0x4, 0x4_0000, 0x8_0000];
const ALL: u32 = 0x1f_01ff;

/// The rights that stand as letters, as bits of a file's rights. Those of the directory service are
/// other names for the lowest bits.
const RIGHTS: [(&str, u32); 23] = [
    ("GA", ALL),
    ("GR", 0x12_0089),
    ("GW", 0x12_0116),
    ("GX", 0x12_00a0),
    ("FA", ALL),
    ("FR", 0x12_0089),
    ("FW", 0x12_0116),
    ("FX", 0x12_00a0),
    ("RC", 0x2_0000),
    ("SD", 0x1_0000),
    ("WD", 0x4_0000),
    ("WO", 0x8_0000),
    ("CC", 0x1),
    ("DC", 0x2),
    ("LC", 0x4),
    ("SW", 0x8),
    ("RP", 0x10),
    ("WP", 0x20),
    ("DT", 0x40),
    ("LO", 0x80),
    ("CR", 0x100),
    ("KA", 0xf_003f),
    ("KR", 0x2_0019),
];

/// The rights for everything, which may also stand as numbers.
const GENERIC: [(u32, u32); 4] = [
    (0x1000_0000, ALL),
    (0x8000_0000, 0x12_0089),
    (0x4000_0000, 0x12_0116),
    (0x2000_0000, 0x12_00a0),
];

/// Reads an access list. None where the text holds none, or is not understood: then nothing is
/// known.
#[must_use]
pub fn access(sddl: &str) -> Option<Access> {
    let (_, list) = sddl.split_once("D:")?;
    let begin = list.find('(').unwrap_or(list.len());
    let (flags, entries) = list.split_at_checked(begin)?;
    // Without a list nobody is kept out.
    if flags.contains("NO_ACCESS_CONTROL") {
        let all = || vec![Crowd::Everyone];
        return Some(Access { read: all(), write: all(), replace: all() });
    }
    let entries = entries_of(entries)?;
    let may = |rights: &[u32]| -> Vec<Crowd> {
        let crowds = CROWDS.iter().map(|(crowd, ..)| *crowd);
        crowds.filter(|crowd| rights.iter().any(|right| grants(&entries, *crowd, *right))).collect()
    };
    let replace = |crowd: &Crowd| {
        [ADD_FILE, DELETE_CHILD].iter().all(|right| grants(&entries, *crowd, *right))
    };
    let replace = CROWDS.iter().map(|(crowd, ..)| *crowd).filter(replace).collect();
    Some(Access { read: may(&[READ]), write: may(&WRITE), replace })
}

/// One entry that means such a group.
struct Entry {
    allows: bool,
    rights: u32,
    crowd: Crowd,
}

/// The entries in their order. None where one is not understood.
fn entries_of(mut text: &str) -> Option<Vec<Entry>> {
    let mut found = Vec::new();
    while let Some(rest) = text.strip_prefix('(') {
        let end = closing(rest)?;
        let (inside, after) = rest.split_at_checked(end)?;
        found.extend(entry(inside)?);
        text = after.strip_prefix(')')?;
    }
    // The list of what is noted may follow.
    (text.is_empty() || text.starts_with("S:")).then_some(found)
}

/// Where the entry ends: a condition in it has brackets and quoted texts of its own.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quoted) = (0_usize, false);
    text.char_indices().find_map(|(at, c)| {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth == 0 => return Some(at),
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        None
    })
}

/// Nothing in it where the entry is for others, for what lies below alone, or under a condition:
/// what may not hold proves nothing.
fn entry(text: &str) -> Option<Option<Entry>> {
    let mut parts = text.splitn(6, ';');
    let (kind, flags, rights) = (parts.next()?, parts.next()?, parts.next()?);
    let trustee = parts.nth(2)?;
    let trustee = trustee.split(';').next().unwrap_or_default();
    let below_alone = flags.as_bytes().chunks(2).any(|flag| flag == b"IO");
    let allows = match kind {
        "A" => true,
        "D" => false,
        _ => return Some(None),
    };
    let rights = rights_of(rights)?;
    let crowd = Crowd::of(trustee).filter(|_| !below_alone);
    Some(crowd.map(|crowd| Entry { allows, rights, crowd }))
}

fn rights_of(text: &str) -> Option<u32> {
    if let Some(digits) = text.strip_prefix("0x") {
        let bits = u32::from_str_radix(digits, 16).ok()?;
        let given = GENERIC.iter().filter(|(generic, _)| bits & generic != 0);
        return Some(given.fold(bits, |bits, (_, meant)| bits | meant));
    }
    let mut bits = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let (letters, after) = rest.split_at_checked(2)?;
        // What is no right of a file decides nothing.
        bits |= RIGHTS.iter().find(|(name, _)| *name == letters).map_or(0, |(_, bits)| *bits);
        rest = after;
    }
    Some(bits)
}

/// Whether a member of the group gets a right: the first entry decides that is for the group, and
/// what is denied to everyone is denied to the group.
fn grants(entries: &[Entry], crowd: Crowd, right: u32) -> bool {
    let decides = |entry: &&Entry| {
        let denied = !entry.allows && entry.crowd == Crowd::Everyone;
        (entry.crowd == crowd || denied) && entry.rights & right != 0
    };
    entries.iter().find(decides).is_some_and(|entry| entry.allows)
}

/// The access of the file or folder at a path.
///
/// # Errors
/// When the system does not tell it, or tells what is not understood.
pub fn of(path: &Path) -> io::Result<Access> {
    access(&text_of(path)?).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

#[cfg(windows)]
fn text_of(path: &Path) -> io::Result<String> {
    use windows_permissions::constants::{SeObjectType, SecurityInformation};
    use windows_permissions::wrappers::{
        ConvertSecurityDescriptorToStringSecurityDescriptor as as_text, GetNamedSecurityInfo,
    };
    let wanted = SecurityInformation::Dacl;
    let list = GetNamedSecurityInfo(path.as_os_str(), SeObjectType::SE_FILE_OBJECT, wanted)?;
    Ok(as_text(&list, wanted)?.to_string_lossy().into_owned())
}

/// Gives a file a list of its own, in which this user stands, and those who get at every file anyway:
/// the system and its administrators. What the folder lets in is let in no more.
///
/// # Errors
/// When Windows does not allow it, or the file system has no such lists.
#[cfg(windows)]
pub fn make_private(path: &Path) -> io::Result<()> {
    use windows_permissions::constants::{SeObjectType, SecurityInformation};
    use windows_permissions::utilities::current_process_sid;
    use windows_permissions::wrappers::SetNamedSecurityInfo;
    use windows_permissions::{LocalBox, SecurityDescriptor};
    let user = current_process_sid()?;
    let text = format!("D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;{user})", user = &*user);
    let list: LocalBox<SecurityDescriptor> = text.parse()?;
    let what = SecurityInformation::Dacl | SecurityInformation::ProtectedDacl;
    let file = SeObjectType::SE_FILE_OBJECT;
    SetNamedSecurityInfo(path.as_os_str(), file, what, None, None, list.dacl(), None)
}

/// Only Windows has such lists.
#[cfg(not(windows))]
fn text_of(_path: &Path) -> io::Result<String> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readers(sddl: &str) -> Vec<Crowd> {
        access(sddl).unwrap().read
    }

    #[test]
    fn a_key_of_its_owner_alone_is_open_to_nobody_else() {
        for list in [
            // A file in a user's own folder, as Windows makes it.
            "D:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;FA;;;S-1-5-21-1-2-3-1001)",
            "O:BAG:SYD:PAI(A;;FA;;;S-1-5-21-1-2-3-1001)",
            "D:P",
            "D:",
            // For what lies below the folder alone.
            "D:(A;OICIIO;GA;;;WD)",
            // Users may see its attributes and run it, and not read it.
            "D:(A;;0x1200a0;;;BU)(A;;RC;;;WD)",
            "D:(A;;FA;;;SY)S:(AU;SAFA;FA;;;WD)",
            // Under a condition.
            "D:(XA;;FR;;;WD;(@User.Title==\"a) (b\" && (Member_of {SID(BA)})))(A;;FA;;;SY)",
        ] {
            assert_eq!(access(list), Some(Access::default()), "{list}");
        }
    }

    #[test]
    fn whom_a_list_lets_read_is_named() {
        // A folder below C:\ as Windows makes it, and a file in it.
        let usual = "D:AI(A;ID;FA;;;BA)(A;ID;FA;;;SY)(A;ID;0x1200a9;;;BU)(A;ID;0x1301bf;;;AU)";
        let read = access(usual).unwrap();
        assert_eq!(read.read, [Crowd::AuthenticatedUsers, Crowd::Users]);
        assert_eq!(read.write, [Crowd::AuthenticatedUsers]);
        for (list, crowd) in [
            ("D:(A;;FR;;;WD)", Crowd::Everyone),
            ("D:(A;;GR;;;S-1-1-0)", Crowd::Everyone),
            ("D:(A;;0x80000000;;;BU)", Crowd::Users),
            ("D:(A;;CCLO;;;S-1-5-32-545)", Crowd::Users),
            ("D:(A;;FA;;;IU)", Crowd::Interactive),
            ("D:(A;;FR;;;BG)", Crowd::Guests),
            ("D:(A;;FR;;;S-1-5-21-10-20-30-513)", Crowd::DomainUsers),
            ("D:NO_ACCESS_CONTROL", Crowd::Everyone),
        ] {
            assert_eq!(readers(list), [crowd], "{list}");
        }
    }

    #[test]
    fn the_first_entry_for_a_group_decides() {
        assert_eq!(readers("D:(D;;FR;;;BU)(A;;FA;;;BU)"), []);
        assert_eq!(readers("D:(A;;FA;;;BU)(D;;FR;;;BU)"), [Crowd::Users]);
        assert_eq!(readers("D:(D;;FR;;;WD)(A;;FA;;;BU)(A;;FA;;;AU)"), []);
        assert_eq!(readers("D:(D;;FW;;;WD)(A;;FA;;;BU)"), [Crowd::Users]);
    }

    #[test]
    fn who_may_replace_the_files_of_a_folder() {
        let may = |list| access(list).unwrap().replace;
        assert_eq!(may("D:(A;OICI;FA;;;WD)"), [Crowd::Everyone]);
        // To add files, and not to delete those of others: as below C:\.
        assert_eq!(may("D:(A;CI;LC;;;BU)(A;CI;DC;;;BU)"), []);
    }

    #[test]
    fn what_is_no_list_tells_nothing() {
        for text in [
            "",
            "O:BA",
            "D:(",
            "D:(A;;FR;;;WD",
            "D:(A;;FR)",
            "D:(A;;0xzz;;;WD)",
            "D:(A;;F;;;WD)",
            "D:(A;;FR;;;WD)x",
        ] {
            assert_eq!(access(text), None, "{text}");
        }
    }

    mod arbitrary {
        use proptest::prelude::*;

        proptest! {
            #[test]
            fn no_text_breaks_the_reader(text in "(D:)?(\\(?[A-Z0-9x;\"()é]{0,40}){0,4}") {
                let _ = super::access(&text);
            }
        }
    }
}
