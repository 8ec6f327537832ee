use super::plan::{RolePlan, Route, Strength};
use super::sdf::{SdfRole, UnreadableRole, is_own, key, read, xml};
use super::{Danger, PermissionState, RoleComparison, RoleDefinition, SENSITIVE, danger};
use crate::netsuite::catalogue::{Category, catalogue};
use crate::netsuite::profiles::{find, profiles};
use crate::types::Level;

fn plan_by(records: &[&str], route: Route) -> RolePlan {
    let book = catalogue();
    let requests: Vec<_> =
        records.iter().map(|text| book.resolve_request(text, true).unwrap()).collect();
    RolePlan::new(&requests, route, book)
}

fn plan(records: &[&str]) -> RolePlan {
    plan_by(records, Route::Entries)
}

fn level(plan: &RolePlan, id: &str) -> Option<Level> {
    plan.line(id).map(|line| line.level)
}

fn form(name: &str) -> SdfRole {
    SdfRole {
        name: name.parse().unwrap(),
        script_id: "customrole_preflight".parse().unwrap(),
        web_services_only: false,
    }
}

fn role(lines: &[(&str, &str)]) -> RoleDefinition {
    let lines: String = lines
        .iter()
        .map(|(key, level)| {
            format!(
                "<permission><permkey>{key}</permkey><permlevel>{level}</permlevel></permission>"
            )
        })
        .collect();
    let text = format!("<role scriptid=\"customrole_a\"><permissions>{lines}</permissions></role>");
    read(text.as_bytes()).unwrap()
}

const LOGIN: [(&str, &str); 3] =
    [("ADMI_RESTWEBSERVICES", "FULL"), ("ADMI_LOGIN_OAUTH2", "FULL"), ("REPO_ANALYTICS", "EDIT")];

fn with(more: &[(&str, &str)]) -> RoleDefinition {
    role(&[LOGIN.as_slice(), more].concat())
}

fn states(records: &[&str], role: &RoleDefinition) -> Vec<(String, PermissionState)> {
    let plan = plan(records);
    let lines = RoleComparison::new(&plan, role, catalogue()).lines;
    lines.into_iter().map(|line| (line.line.permission.id.clone(), line.state)).collect()
}

#[test]
fn every_role_needs_three_permissions_and_never_the_twin() {
    let plan = plan(&[]);
    let ids: Vec<_> = plan.permissions.iter().map(|line| line.permission.id.as_str()).collect();
    assert_eq!(ids, ["REPO_ANALYTICS", "ADMI_LOGIN_OAUTH2", "ADMI_RESTWEBSERVICES"]);
    assert_eq!(level(&plan, "REPO_ANALYTICS"), Some(Level::Edit));
    assert_eq!(level(&plan, "ADMI_LOGIN_OAUTH2"), Some(Level::Full));
    assert_eq!(level(&plan, "ADMI_LOGIN_OAUTH"), None);
    let features: Vec<_> = plan.features.iter().map(|feature| feature.name.as_str()).collect();
    assert_eq!(features, ["SuiteAnalytics Workbook", "OAuth 2.0", "REST Web Services"]);
}

#[test]
fn the_highest_level_wins_and_every_reason_stays() {
    let plan = plan(&["customer:view", "billingAccount:edit"]);
    let line = plan.line("LIST_CUSTJOB").unwrap();
    assert_eq!(line.level, Level::Edit);
    let texts: Vec<_> = line.reasons.iter().map(|reason| reason.text.as_str()).collect();
    assert_eq!(texts, ["customer:view", "billingAccount:edit"]);
}

#[test]
fn only_levels_that_can_be_selected() {
    let plan = plan(&["customerStatus", "salesOrder:edit"]);
    let status = catalogue().find("customerStatus").unwrap().permission.id.clone();
    assert_eq!(level(&plan, &status), Some(Level::Full));
    for line in &plan.permissions {
        assert!(line.permission.levels().contains(&line.level), "{}", line.permission);
    }
    let categories: Vec<_> = plan.permissions.iter().map(|l| l.permission.category).collect();
    assert!(categories.is_sorted(), "the order of the page: {categories:?}");
    assert_eq!(categories.first(), Some(&Category::Transactions));
}

#[test]
fn secondary_permissions_have_their_reason() {
    let one = plan(&["salesOrder:view"]);
    assert_eq!(level(&one, "TRAN_FIND"), Some(Level::View));
    assert_eq!(level(&one, "TRAN_SALESORDINVOICE"), None);
    let both = plan(&["salesOrder:view", "invoice:create"]);
    let transform = both.line("TRAN_SALESORDINVOICE").unwrap();
    assert_eq!(transform.strength(), Strength::Advised);
    assert!(transform.reasons[0].text.contains("invoice"));
    assert!(!both.optional.is_empty(), "what writing may take is offered");
    assert_eq!(level(&plan(&["customer"]), "LIST_FIND"), Some(Level::View));
}

#[test]
fn own_types_go_by_either_route() {
    let entries = plan(&["customrecord_event:edit"]);
    assert_eq!(level(&entries, "LIST_CUSTRECORDENTRY"), Some(Level::Edit));
    let list = plan_by(&["customrecord_event:edit"], Route::PermissionList);
    assert_eq!(level(&list, "LIST_CUSTRECORDENTRY"), None);
    let line = list.line("customrecord_event").unwrap();
    assert!(is_own(&line.permission));
    assert_eq!(key(&line.permission), "[scriptid=customrecord_event]");
    // Either grant serves either plan.
    let role = with(&[("[scriptid=customrecord_event]", "EDIT")]);
    for plan in [&entries, &list] {
        let compared = RoleComparison::new(plan, &role, catalogue());
        assert!(compared.serves());
        assert!(compared.extra.is_empty(), "{:?}", compared.extra);
    }
}

#[test]
fn unknown_types_are_named_and_planned_for_no_further() {
    let plan = plan(&["frobnicate"]);
    assert_eq!(plan.unknown.len(), 1);
    assert_eq!(plan.permissions.len(), 3);
}

/// The structure that Oracle documents: OH/SDFxml_2121043136, OH/SDFxml_762449695,
/// OH/SDFxml_3349140554.
fn structure_is_sdf(text: &str) {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut path, mut levels, mut keys) = (Vec::<String>::new(), 0, Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                let name = start.name().as_ref().to_owned();
                let allowed: &[&str] = match path.join("/").as_str() {
                    "" => &["role"],
                    "role" => &[
                        "name",
                        "centertype",
                        "issalesrole",
                        "issupportrole",
                        "iswebserviceonlyrole",
                        "coreadminpermission",
                        "permissions",
                    ],
                    "role/permissions" => &["permission"],
                    "role/permissions/permission" => &["permkey", "permlevel", "restriction"],
                    _ => &[],
                };
                assert!(allowed.contains(&name.as_str()), "{name} in {path:?}");
                if name == "role" {
                    let id = start.try_get_attribute("scriptid").unwrap().unwrap();
                    assert!(id.value.starts_with("customrole_") && id.value.len() <= 40);
                }
                path.push(name);
            }
            Event::End(_) => drop(path.pop()),
            Event::Text(value) => match path.last().map(String::as_str) {
                Some("permlevel") => {
                    levels += 1;
                    assert!(["VIEW", "CREATE", "EDIT", "FULL"].contains(&&*value.xml10_content()));
                }
                Some("permkey") => keys.push(value.xml10_content().into_owned()),
                Some("centertype") => assert_eq!(value.xml10_content(), "BASIC"),
                Some(flag) if flag.starts_with("is") => {
                    assert!(["T", "F"].contains(&&*value.xml10_content()));
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(levels, keys.len());
    for key in keys {
        let own = key.strip_prefix("[scriptid=custom").is_some_and(|rest| rest.ends_with(']'));
        assert!(own || catalogue().permission(&key).is_some(), "{key}");
    }
}

#[test]
fn what_is_written_is_sdf_and_comes_back_whole() {
    let plans = [
        plan(&["customer:edit", "contact:create", "supportCase"]),
        plan(&["salesOrder:edit", "invoice:create", "itemFulfillment:create", "employee"]),
        plan_by(
            &["customrecord_event:full", "customtransaction_x:edit", "customlist_a", "bin"],
            Route::PermissionList,
        ),
    ];
    for plan in &plans {
        let text = xml(plan, &form("A & B <\"role\"> 'ß'")).unwrap();
        structure_is_sdf(&text);
        let role = read(text.as_bytes()).unwrap();
        assert_eq!(role.name, "A & B <\"role\"> 'ß'");
        assert_eq!(role.script_id, "customrole_preflight");
        let compared = RoleComparison::new(plan, &role, catalogue());
        for line in &compared.lines {
            assert_eq!(
                line.state,
                PermissionState::Held(line.line.level),
                "{}",
                line.line.permission
            );
        }
        assert_eq!(compared.extra, []);
        assert!(compared.restrictions.is_empty() && compared.doubled.is_empty());
    }
}

#[test]
fn missing_too_low_and_twin_are_told_apart() {
    let role = role(&[
        ("ADMI_RESTWEBSERVICES", "NONE"),
        ("ADMI_LOGIN_OAUTH", "FULL"),
        ("REPO_ANALYTICS", "EDIT"),
        ("LIST_CUSTJOB", "VIEW"),
        ("LIST_FIND", "VIEW"),
    ]);
    let states = states(&["customer:edit"], &role);
    let of = |id: &str| states.iter().find(|(key, _)| key == id).unwrap().1.clone();
    assert_eq!(of("ADMI_RESTWEBSERVICES"), PermissionState::Missing);
    assert_eq!(of("ADMI_LOGIN_OAUTH2"), PermissionState::Twin);
    assert_eq!(of("REPO_ANALYTICS"), PermissionState::Held(Level::Edit));
    assert_eq!(of("LIST_CUSTJOB"), PermissionState::TooLow(Level::View));
}

#[test]
fn create_does_not_serve_edit_and_advised_ones_break_nothing() {
    let plan = plan(&["customer:edit"]);
    let book = catalogue();
    let create = with(&[("LIST_CUSTJOB", "CREATE")]);
    assert!(!RoleComparison::new(&plan, &create, book).serves());
    let full = with(&[("LIST_CUSTJOB", "FULL")]);
    let compared = RoleComparison::new(&plan, &full, book);
    assert!(compared.serves(), "Perform Search is only advised");
    assert_eq!(compared.unmet(Strength::Advised).count(), 1);
    let above = compared.extra.first().unwrap();
    assert_eq!((above.level, above.planned), (Level::Full, Some(Level::Edit)));
}

#[test]
fn what_goes_beyond_is_graded() {
    let role = with(&[("LIST_VENDOR", "FULL"), ("ADMI_MANAGEROLES", "FULL")]);
    let plan = plan(&[]);
    let extra = RoleComparison::new(&plan, &role, catalogue()).extra;
    let graded: Vec<_> = extra.iter().map(|extra| (extra.id.as_str(), extra.danger)).collect();
    assert_eq!(graded, [("ADMI_MANAGEROLES", Danger::High), ("LIST_VENDOR", Danger::Note)]);
}

#[test]
fn of_two_lines_the_lower_counts() {
    let role = with(&[("LIST_CUSTJOB", "FULL"), ("LIST_CUSTJOB", "VIEW")]);
    assert_eq!(role.level("LIST_CUSTJOB"), Some(Level::View));
    assert_eq!(role.doubled, ["LIST_CUSTJOB"]);
}

#[test]
fn restrictions_are_named() {
    let text = "<role scriptid='customrole_a'><isinactive>T</isinactive>\
        <employeerestriction>OWN</employeerestriction><restrictip>F</restrictip>\
        <recordrestrictions><recordrestriction><segment>CLASS</segment></recordrestriction>\
        </recordrestrictions><permissions><permission><permkey>LIST_CUSTJOB</permkey>\
        <permlevel>VIEW</permlevel><restriction>OWN</restriction></permission></permissions></role>";
    let role = read(text.as_bytes()).unwrap();
    let plan = plan(&[]);
    let compared = RoleComparison::new(&plan, &role, catalogue());
    assert_eq!(
        compared.restrictions,
        ["employeerestriction: OWN", "recordrestriction: CLASS", "LIST_CUSTJOB: OWN"]
    );
    assert!(compared.inactive);
}

#[test]
fn hostile_files_are_refused_in_words() {
    let laughs = "<!DOCTYPE lolz [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;\">]><role>&b;</role>";
    let deep = format!("<role>{}", "<a>".repeat(50_000));
    let many = format!(
        "<role><permissions>{}</permissions></role>",
        "<permission><permkey>A</permkey><permlevel>VIEW</permlevel></permission>".repeat(6_000)
    );
    let cases: [(&[u8], UnreadableRole); 9] = [
        (b"", UnreadableRole::Empty),
        (b" \n", UnreadableRole::Empty),
        (&vec![b'<'; 5 * 1024 * 1024], UnreadableRole::TooLarge),
        (laughs.as_bytes(), UnreadableRole::Entities),
        (b"<role>&x;</role>", UnreadableRole::Entities),
        (b"<customrecordtype/>", UnreadableRole::Root("customrecordtype".to_owned())),
        (deep.as_bytes(), UnreadableRole::Deep),
        (many.as_bytes(), UnreadableRole::Many),
        (b"<role>\xff</role>", UnreadableRole::Encoding),
    ];
    for (bytes, expected) in cases {
        assert_eq!(read(bytes), Err(expected));
    }
    for broken in ["<role>", "<role></rol>", "no xml at all", "<role/><role/>", "<role/>x", "{}"] {
        assert!(read(broken.as_bytes()).is_err(), "{broken}");
    }
    let line = "<role><permissions><permission><permkey>A</permkey><permlevel>ALL</permlevel>\
        </permission></permissions></role>";
    assert_eq!(read(line.as_bytes()), Err(UnreadableRole::Line(1)));
}

#[test]
fn control_characters_are_refused_by_element() {
    for hidden in ["\u{1b}[31m", "&#27;", "&#x9b;2J", "\u{202e}", "&#x2028;", "&#127;", "&#8238;"] {
        for text in [
            format!("<role scriptid=\"customrole_a\"><name>a{hidden}b</name></role>"),
            format!(
                "<role><permissions><permission><permkey>A{hidden}</permkey></permission></permissions></role>"
            ),
            format!("<role><restrictip>{hidden}T</restrictip></role>"),
        ] {
            let told = read(text.as_bytes()).unwrap_err();
            assert!(matches!(told, UnreadableRole::Control(_)), "{text:?}: {told}");
            assert!(crate::types::plain::is_plain(&told.to_string()), "{told}");
        }
    }
    let hidden = read("<role scriptid=\"a\u{9b}b\"/>".as_bytes());
    assert_eq!(hidden, Err(UnreadableRole::Control("role".to_owned())));
    let spread = read(b"<role><name>\n\tOur\r\n  role </name></role>").unwrap();
    assert_eq!(spread.name, "Our role");
}

#[test]
fn utf_16_is_read() {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><role scriptid=\"customrole_a\"><name>Ä &#65;&amp;</name></role>";
    let units: Vec<u16> = text.encode_utf16().collect();
    let little: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(units.iter().flat_map(|u| u.to_le_bytes())).collect();
    let big: Vec<u8> =
        [0xfe, 0xff].into_iter().chain(units.iter().flat_map(|u| u.to_be_bytes())).collect();
    assert_eq!(read(&little).unwrap().name, "Ä A&");
    assert_eq!(read(&big).unwrap().name, "Ä A&");
    assert_eq!(read(&little[..little.len() - 1]), Err(UnreadableRole::Encoding));
}

#[test]
fn names_and_ids_are_checked() {
    use super::sdf::{RoleName, ScriptId};
    assert!("customrole_a1".parse::<ScriptId>().is_ok());
    for wrong in
        ["role", "customrole_", "customrole_A", "customrole_../x", &"customrole_a".repeat(4)]
    {
        assert!(wrong.parse::<ScriptId>().is_err(), "{wrong}");
    }
    for wrong in ["", "a\nb", "\u{0}", &"x".repeat(61)] {
        assert!(wrong.parse::<RoleName>().is_err(), "{wrong:?}");
    }
}

#[test]
fn what_an_integration_asks_for_comes_on_top() {
    let book = catalogue();
    for profile in profiles() {
        let plan = RolePlan::new(&profile.record_requests(), Route::Entries, book);
        let more = plan.clone().asked_by(profile);
        for asked in &profile.permissions {
            if asked.permission.bars_sign_in() {
                assert!(more.line(&asked.permission.id).is_none(), "{}", asked.permission);
                continue;
            }
            let line = more.line(&asked.permission.id).unwrap();
            assert!(asked.level.is_none_or(|level| line.level >= level), "{line:?}");
            assert!(line.reasons.iter().any(|r| r.text.starts_with(&profile.name)), "{line:?}");
            // Only levels that the page offers.
            assert_eq!(line.permission.serving(line.level), line.level, "{line:?}");
        }
        // Nothing is taken away, and nothing else is added.
        for line in &plan.permissions {
            assert!(more.line(&line.permission.id).unwrap().level >= line.level);
        }
        assert!(more.permissions.len() <= plan.permissions.len() + profile.permissions.len());
    }
}

#[test]
fn alchemers_role_has_every_line_at_a_level_that_the_page_offers() {
    let alchemer = find(profiles(), "alchemer").unwrap();
    let plan = RolePlan::new(&alchemer.record_requests(), Route::Entries, catalogue());
    let plan = plan.asked_by(alchemer);
    let lines: Vec<String> = plan
        .permissions
        .iter()
        .map(|line| {
            assert!(line.permission.levels().contains(&line.level), "{line:?}");
            format!("{} {}", line.permission.id, line.level)
        })
        .collect();
    assert_eq!(
        lines,
        [
            "REPO_ANALYTICS edit",
            "LIST_CUSTJOB view",
            "LIST_EMPLOYEE_RECORD view",
            "LIST_FIND view",
            "ADMI_LOGIN_OAUTH2 full",
            "ADMI_RESTWEBSERVICES full",
            "ADMI_CUSTOMSCRIPT view",
            "ADMI_MANAGE_OWN_OAUTH_TOKENS full",
        ]
    );
}

#[test]
fn what_would_keep_the_role_out_is_left_out_of_the_plan_and_said() {
    let snaplogic = find(profiles(), "snaplogic").unwrap();
    let plan = RolePlan::new(&[], Route::Entries, catalogue()).asked_by(snaplogic);
    assert!(plan.line("ADMI_MANAGE_OAUTH2").is_none());
    let left_out = plan.optional.iter().find(|o| o.permission.id == "ADMI_MANAGE_OAUTH2").unwrap();
    assert_eq!(left_out.level, Level::Full);
    assert!(left_out.when.contains("SnapLogic asks for it."), "{}", left_out.when);
    assert!(left_out.when.contains("two-factor"), "{}", left_out.when);
}

#[test]
fn the_file_of_sensitive_permissions_is_read_whole() {
    assert!(SENSITIVE.len() >= 15);
    assert_eq!(danger("ADMI_KERNEL"), Danger::Critical);
    assert_eq!(danger("ADMI_MANAGEROLES"), Danger::High);
    assert_eq!(danger("LIST_CUSTJOB"), Danger::Note);
    for (id, row) in SENSITIVE.iter() {
        let known = catalogue().permission(id).is_some();
        assert_ne!(known, row.name.is_some(), "{id} has a name in one place");
    }
}
