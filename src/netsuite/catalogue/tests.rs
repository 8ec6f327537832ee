use std::collections::BTreeSet;
use std::path::Path;

use super::{Confidence, UnknownRequest, *};
use crate::types::{Grade, Level};

fn book() -> &'static Catalogue {
    catalogue()
}

#[test]
fn knows_two_hundred_and_ten_types() {
    assert_eq!(book().all().len(), 210);
    let count = |kind| book().all().iter().filter(|entry| entry.kind == kind).count();
    assert_eq!(count(RecordKind::Entity), 7);
    assert_eq!(count(RecordKind::Item), 24);
    assert_eq!(count(RecordKind::Custom), 4);
}

#[test]
fn finds_any_case_and_answers_in_netsuites_spelling() {
    assert_eq!(book().canonical("SALESORDER").as_deref(), Some("salesOrder"));
    assert_eq!(book().canonical("glnumberingsequence").as_deref(), Some("gLNumberingSequence"));
    let entry = book().find("customer").unwrap();
    assert_eq!(entry.permission.to_string(), "Lists > Customers (LIST_CUSTJOB)");
    assert_eq!((entry.min_level, entry.grade), (Level::View, Grade::Documented));
    assert_eq!(book().find("customers"), None);
}

/// Source: record-api.md section 3, "Minimum selectable level".
#[test]
fn types_that_only_full_serves() {
    let full: BTreeSet<&str> = book()
        .all()
        .iter()
        .filter(|entry| entry.min_level == Level::Full)
        .map(|entry| entry.name.as_str())
        .collect();
    let expected = BTreeSet::from([
        "campaignAudience",
        "campaignCategory",
        "campaignChannel",
        "campaignFamily",
        "campaignOffer",
        "campaignSearchEngine",
        "campaignSubscription",
        "campaignVertical",
        "commerceCategory",
        "customerStatus",
        "globalAccountMapping",
        "itemAccountMapping",
        "merchandiseHierarchyLevel",
        "merchandiseHierarchyNode",
        "merchandiseHierarchyVersion",
        "supportCaseOrigin",
        "supportCasePriority",
        "supportCaseStatus",
        "supportCaseType",
        "webSite",
    ]);
    assert_eq!(full, expected);
    for entry in book().all() {
        assert_eq!(entry.levels.first(), Some(&entry.min_level), "{}", entry.name);
        assert_eq!(entry.levels.last(), Some(&Level::Full), "{}", entry.name);
    }
}

#[test]
fn conflicts_offer_what_the_other_source_names() {
    let conflicts: Vec<_> =
        book().all().iter().filter(|entry| entry.confidence == Confidence::Conflict).collect();
    assert_eq!(conflicts.len(), 8);
    for entry in conflicts {
        assert!(!entry.alternatives.is_empty(), "{}", entry.name);
        assert!(entry.alternatives.iter().all(|other| other.permission.id != entry.permission.id));
        assert!(entry.notes.is_some(), "{}", entry.name);
        assert_eq!(entry.grade, Grade::Inferred);
    }
}

#[test]
fn own_types_name_both_routes() {
    let entry = book().find("CustomRecord_Event").unwrap();
    assert_eq!(entry.name, "customrecord_event");
    assert_eq!(entry.permission.id, "LIST_CUSTRECORDENTRY");
    let route = &entry.alternatives.first().unwrap().permission;
    assert_eq!((route.id.as_str(), route.category), ("customrecord_event", Category::CustomRecord));
    assert_eq!(book().find("customlist_x").unwrap().permission.id, "ADMI_CUSTLIST");
    let own = book().find("customtransaction_x").unwrap();
    assert_eq!(own.permission.id, "customtransaction_x");
    assert_eq!(own.permission.category, Category::Transactions);
    assert_eq!(book().find("customrecord"), None);
    assert_eq!(book().find("customrecord_a/b"), None);
}

#[test]
fn near_names() {
    let first = |asked: &str| book().near(asked, 5).first().copied();
    for (asked, expected) in [
        ("customers", "customer"),
        ("sales order", "salesOrder"),
        ("sales_orders", "salesOrder"),
        ("costumer", "customer"),
        ("invioce", "invoice"),
        ("opportunities", "opportunity"),
        ("bill", "vendorBill"),
        ("project", "job"),
        ("lead", "customer"),
        ("classes", "classification"),
        ("purchaseorderr", "purchaseOrder"),
    ] {
        assert_eq!(first(asked), Some(expected), "{asked}");
    }
    assert!(book().near("inventory", 10).contains(&"inventoryItem"));
    for hopeless in ["so", "", "x", "zzzzzzzz", "日本語"] {
        assert_eq!(first(hopeless), None, "{hopeless}");
    }
    assert!(book().near("item", 3).len() <= 3);
}

#[test]
fn resolves_what_the_command_line_gives() {
    let resolve = |name, allow| book().resolve(name, allow).map(|record| record.to_string());
    assert_eq!(resolve("SalesOrder", false).unwrap(), "salesOrder");
    assert_eq!(resolve("customrecord_Abc", false).unwrap(), "customrecord_abc");
    let unknown = resolve("customers", false).unwrap_err();
    assert_eq!(unknown.near.first().map(String::as_str), Some("customer"));
    assert!(unknown.well_formed);
    assert_eq!(resolve("newThing", true).unwrap(), "newThing");
    let spaced = resolve("sales order", true).unwrap_err();
    assert!(!spaced.well_formed);
    assert!(spaced.to_string().contains("`salesOrder`"), "{spaced}");
    assert!(resolve("customrecord_<id>", true).is_err());
    assert!(!resolve("a\u{1b}[31m", false).unwrap_err().to_string().contains('\u{1b}'));
}

#[test]
fn resolves_requests_with_a_level() {
    let resolve = |text| book().resolve_request(text, false);
    assert_eq!(resolve("SALESORDER:Edit").unwrap().to_string(), "salesOrder:edit");
    assert_eq!(resolve("customer").unwrap().level, Level::View);
    assert!(matches!(resolve("customer:delete"), Err(UnknownRequest::Level(_))));
    assert!(matches!(resolve("custommer:view"), Err(UnknownRequest::Record(_))));
}

#[test]
fn permissions_by_the_label_that_netsuite_quotes() {
    let id = |label| book().permission_by_label(label).map(|found| found.id.as_str());
    assert_eq!(id("Lists -> Currency"), Some("LIST_CURRENCY"));
    assert_eq!(id("lists->  customers"), Some("LIST_CUSTJOB"));
    assert_eq!(id("Customers"), Some("LIST_CUSTJOB"));
    assert_eq!(id("Transactions -> Customers"), None);
    assert_eq!(id("Lists -> Documents and Files"), Some("LIST_FILECABINET"));
    assert_eq!(id("Lists -> Ship Items"), Some("LIST_SHIPITEM"));
    assert_eq!(id("Workflow"), None);
    for permission in book().permissions() {
        let label = format!("{} -> {}", permission.category, permission.name);
        assert_eq!(book().permission_by_label(&label), Some(permission), "{label}");
    }
}

/// Oracle's workbook NetSuitePermissionsUsage 2024.1, column "minimum system level", and where a
/// permission has none there, the lowest "minimum selectable level" of its uses.
#[test]
fn levels_begin_where_the_role_page_does() {
    let above = |lowest: Level| -> Vec<&str> {
        let fits = book().permissions().filter(|permission| permission.lowest == lowest);
        fits.map(|permission| permission.id.as_str()).collect()
    };
    let create = ["TRAN_CUSTINVCAPPRV", "TRAN_PURCHREQAPPRV", "TRAN_VENDPYMTAPPRV"];
    assert_eq!(above(Level::Create), create);
    assert_eq!(above(Level::Edit), ["REPO_ANALYTICS", "TRAN_WORKORDCOMPLETE", "TRAN_WORKORDISSUE"]);
    let full = "ADMI_ALLOWNONGLCHANGES ADMI_AUDITLOGIN ADMI_BACKUPEXPORT ADMI_CAMPAIGNSETUP \
                ADMI_CASEORIGIN ADMI_CASEPRIORITY ADMI_CASESTATUS ADMI_CASETYPE \
                ADMI_COMMERCECATEGORY ADMI_DELETEDRECORD ADMI_ENABLEFEATURES ADMI_ENTITYSTATUS \
                ADMI_GLOBALACCOUNTMAPPING ADMI_IMPORTCSVFILE ADMI_INTEGRAPP \
                ADMI_ITEMACCOUNTMAPPING ADMI_KERNEL ADMI_LOGIN_OAUTH ADMI_LOGIN_OAUTH2 \
                ADMI_MANAGEROLES ADMI_MANAGEUSERS ADMI_MANAGE_OAUTH2 ADMI_MANAGE_OAUTH_TOKENS \
                ADMI_MANAGE_OWN_OAUTH_TOKENS ADMI_MHLEVEL ADMI_MHNODE ADMI_MHVERSION ADMI_PAYROLL \
                ADMI_RESTWEBSERVICES ADMI_STORESETUP LIST_EMPLOYEESSN";
    assert_eq!(above(Level::Full).join(" "), full);
}

/// The prefix of an id names the subtab, in Oracle's own list of permissions as well.
#[test]
fn a_permission_stands_on_the_subtab_of_its_id() {
    for permission in book().permissions() {
        let subtab = match permission.id.split('_').next() {
            Some("LIST") => Category::Lists,
            Some("TRAN") => Category::Transactions,
            Some("REPO") => Category::Reports,
            Some("ADMI") => Category::Setup,
            _ => panic!("{}", permission.id),
        };
        assert_eq!(permission.category, subtab, "{}", permission.id);
    }
}

#[test]
fn the_login_permission_is_never_that_of_token_based_authentication() {
    let login = book().permission("ADMI_LOGIN_OAUTH2").unwrap();
    assert_eq!(login.name, "Log in using OAuth 2.0 Access Tokens");
    assert_eq!(login.levels(), [Level::Full]);
    let twin = book().permission("ADMI_LOGIN_OAUTH").unwrap();
    assert_ne!(twin.name, login.name);
    let workbook = book().permission("REPO_ANALYTICS").unwrap();
    assert_eq!(workbook.levels(), [Level::Edit, Level::Full]);
    assert_eq!(workbook.serving(Level::View), Level::Edit);
}

/// Holds the catalogue to the table it grew from, where that table is at hand.
#[test]
fn agrees_with_the_table_of_permissions() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/record-permissions.csv");
    let Ok(table) = std::fs::read_to_string(&path) else {
        println!("skipped: the table of permissions is not at hand");
        return;
    };
    let mut rows = 0;
    for line in table.lines().skip(1).filter(|line| !line.contains('<')) {
        // The first four cells hold no comma and no quotation mark.
        let cells: Vec<&str> = line.splitn(5, ',').collect();
        let entry = book().find(cells[0]).unwrap();
        assert_eq!(entry.name, cells[0]);
        assert_eq!(entry.permission.id, cells[3], "{}", cells[0]);
        assert_eq!(entry.permission.category.as_str(), cells[1], "{}", cells[0]);
        assert_eq!(entry.permission.name, cells[2], "{}", cells[0]);
        let confidence = serde_json::to_value(entry.confidence).unwrap();
        assert!(line.ends_with(&format!(",{}", confidence.as_str().unwrap())), "{}", cells[0]);
        rows += 1;
    }
    assert_eq!(rows, 206);
}

#[test]
fn every_run_needs_two_login_permissions_at_full() {
    let wanted: Vec<_> = needs()
        .iter()
        .filter(|need| need.task == Task::Login)
        .flat_map(|need| &need.permissions)
        .map(|needed| (needed.permission.id.as_str(), needed.level))
        .collect();
    assert_eq!(wanted, [("ADMI_LOGIN_OAUTH2", Level::Full), ("ADMI_RESTWEBSERVICES", Level::Full)]);
}

#[test]
fn needs_name_levels_on_offer_and_record_types_that_exist() {
    for need in needs() {
        assert!(!need.permissions.is_empty() && !need.sources.is_empty(), "{}", need.id);
        for needed in &need.permissions {
            assert!(needed.permission.levels().contains(&needed.level), "{}", need.id);
        }
        for record in need.record.iter().chain(&need.target) {
            assert_eq!(book().canonical(record).as_ref(), Some(record), "{}", need.id);
        }
        assert_eq!(need.task == Task::Transform, need.target.is_some(), "{}", need.id);
    }
    let lists = needs().iter().find(|need| need.task == Task::List).unwrap();
    assert_eq!(lists.permissions.first().unwrap().permission.id, "REPO_ANALYTICS");
    assert_eq!(lists.permissions.first().unwrap().level, Level::Edit);
}

/// Holds the needs to the table they grew from, where that table is at hand.
#[test]
fn every_secondary_permission_of_the_table_is_known() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/reference/record-permissions-extra.csv");
    let Ok(table) = std::fs::read_to_string(&path) else {
        println!("skipped: the table of secondary permissions is not at hand");
        return;
    };
    let known: BTreeSet<&str> = needs()
        .iter()
        .flat_map(|need| &need.permissions)
        .map(|needed| needed.permission.id.as_str())
        .collect();
    let prefixes = ["ADMI_", "LIST_", "TRAN_", "REPO_"];
    let ids: BTreeSet<&str> = table
        .split(|c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit() && c != '_')
        .filter(|word| prefixes.iter().any(|prefix| word.starts_with(prefix)))
        .collect();
    assert!(ids.len() > 50);
    assert_eq!(ids.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new());
}
