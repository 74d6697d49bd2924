//! The program's dependencies: their licences allow redistribution, and none opens a socket. The lists are those of
//! `.deny.toml`.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, ParseMode};
use toml::Table;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn table(name: &str) -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

fn words(list: &toml::Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect()
}

/// Returns the metadata from cargo for a platform, without the network; `None` if some of its crates are not available.
fn metadata(platform: &str) -> Option<Value> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform", platform]);
    let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    output.status.success().then(|| serde_json::from_slice(&output.stdout).unwrap())
}

/// Returns this platform, whose crates must be available, and the release platforms whose crates are.
fn platforms() -> Vec<Value> {
    let version = Command::new("rustc").arg("-vV").output().unwrap().stdout;
    let version = String::from_utf8(version).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let own = metadata(host).expect("the crates that this test was built with");
    let others = ["x86_64-unknown-linux-musl", "x86_64-pc-windows-gnu"];
    [own].into_iter().chain(others.into_iter().filter_map(metadata)).collect()
}

#[test]
fn nothing_in_the_lock_file_opens_a_socket_or_comes_from_elsewhere() {
    let (deny, lock) = (table(".deny.toml"), table("Cargo.lock"));
    let banned = words(&deny["bans"]["deny"]);
    for package in lock["package"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        assert!(!banned.contains(&name), "{name} is banned by .deny.toml");
        let source = package.get("source").and_then(|source| source.as_str());
        assert!(source.is_none_or(|source| source == CRATES_IO), "{name} comes from {source:?}");
    }
}

/// Clippy's `incompatible_msrv` checks the same for the project's own use of the standard library.
#[test]
fn no_dependency_needs_a_newer_rust_than_the_project_says() {
    let version = |text: &str| text.split('.').map(|part| part.parse().unwrap()).collect::<Vec<u32>>();
    let minimum = table("Cargo.toml")["package"]["rust-version"].as_str().map(version);
    assert_eq!(table("src/ldif/Cargo.toml")["package"]["rust-version"].as_str().map(version), minimum);
    for metadata in platforms() {
        for package in metadata["packages"].as_array().unwrap() {
            let needed = package["rust_version"].as_str().map(version);
            assert!(needed <= minimum, "{} needs Rust {needed:?}", package["name"]);
        }
    }
}

#[test]
fn every_licence_allows_redistribution() {
    let deny = table(".deny.toml");
    let allowed = words(&deny["licenses"]["allow"]);
    for metadata in platforms() {
        for package in metadata["packages"].as_array().unwrap() {
            let (name, licence) = (&package["name"], package["license"].as_str().unwrap_or_default());
            let expression = Expression::parse_mode(licence, ParseMode::LAX)
                .unwrap_or_else(|error| panic!("the licence of {name}: {error}"));
            let is_fine = expression.evaluate(|wanted| allowed.contains(&&*wanted.to_string()));
            assert!(is_fine, "{name}: {licence} is not allowed by .deny.toml");
        }
    }
}

#[test]
fn crates_that_reach_the_whole_system_do_without_its_sockets() {
    let deny = table(".deny.toml");
    let mut seen = 0;
    for metadata in platforms() {
        for node in metadata["resolve"]["nodes"].as_array().unwrap() {
            for ban in deny["bans"]["features"].as_array().unwrap() {
                let name = ban["crate"].as_str().unwrap();
                if !node["id"].as_str().unwrap().contains(&format!("#{name}@")) {
                    continue;
                }
                seen += 1;
                for feature in node["features"].as_array().unwrap() {
                    assert!(
                        !words(&ban["deny"]).contains(&feature.as_str().unwrap()),
                        "{name} with {feature}"
                    );
                }
            }
        }
    }
    assert!(seen > 0, "none of them is there: the list is out of date");
}

#[test]
fn what_security_names_as_unsafe_is_linked_in() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("SECURITY.md")).unwrap();
    let line = text.lines().find(|line| line.starts_with("- Dependencies that use `unsafe`")).unwrap();
    let sentence = line.split_once(". ").unwrap().0;
    let lock = table("Cargo.lock");
    let locked: Vec<&str> =
        lock["package"].as_array().unwrap().iter().filter_map(|p| p["name"].as_str()).collect();
    // The first word in backticks is `unsafe`.
    let names: Vec<&str> = sentence.split('`').skip(3).step_by(2).collect();
    assert!(names.len() > 10);
    for name in names {
        assert!(locked.contains(&name), "{name} is no dependency any more");
    }
}
