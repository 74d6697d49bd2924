//! The objects that the rows of lists name, packed into one block of memory.

use std::borrow::Cow;
use std::collections::HashMap;
use std::num::NonZeroU32;

use super::super::digest::{push_number, take_number};
use crate::fingerprint::Fingerprint;
use crate::input::Finding;
use crate::language::Text;
use crate::object::{Attr, Object, Value};
use crate::schema::value::guid_octets;

/// The position of a record: the index of its file, and the physical line in its lowest 40 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RecordLine(u64);

impl RecordLine {
    pub(crate) fn new(file: usize, line: u64) -> Self {
        Self((file as u64) << 40 | line)
    }

    pub(super) fn file(self) -> usize {
        (self.0 >> 40) as usize
    }

    pub(super) fn line(self) -> u64 {
        self.0 & ((1 << 40) - 1)
    }
}

/// An object of an export that rows name.
#[derive(Debug)]
pub(crate) struct FoundObject {
    packed: Vec<u8>,
    place: RecordLine,
    /// What is wrong with it, each finding with its own place: `forest.ldif:1781:7`.
    faults: Vec<(Finding, String)>,
}

impl FoundObject {
    /// Packs an object; `is_user` says whether a row may name it.
    pub(crate) fn new(
        object: &Object<'_>,
        place: RecordLine,
        is_user: bool,
        faults: Vec<(Finding, String)>,
    ) -> Self {
        let mut packed = Vec::new();
        let mut put = |number: usize, bytes: &[u8]| {
            push_number(&mut packed, number as u64);
            push_number(&mut packed, bytes.len() as u64);
            packed.extend_from_slice(bytes);
        };
        // The DN comes first, with the cut attribute and `is_user` in place of the attribute and `is_guessed`.
        let cut = object.cut.map_or(0, |(attr, _)| attr.index() + 1);
        put(cut << 1 | usize::from(is_user), object.dn.as_bytes());
        for value in object.values.iter() {
            put(value.attr.index() << 1 | usize::from(value.is_guessed), value.bytes());
        }
        Self { packed, place, faults }
    }

    /// Returns the object unpacked.
    fn view(&self) -> NamedObject<'_> {
        NamedObject { place: self.place, faults: &self.faults, ..NamedObject::unpack(&self.packed) }
    }
}

/// A view of a packed object.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NamedObject<'n> {
    pub(super) dn: &'n str,
    pub(super) place: RecordLine,
    pub(super) faults: &'n [(Finding, String)],
    is_user: bool,
    cut: Option<Attr>,
    values: PackedValues<'n>,
}

/// The values of a packed object: the attribute, whether the encoding was a guess, and the bytes.
#[derive(Clone, Copy, Debug, Default)]
struct PackedValues<'n>(&'n [u8]);

impl<'n> Iterator for PackedValues<'n> {
    type Item = (Attr, bool, &'n [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let number = take_number(&mut self.0)?;
        let length = usize::try_from(take_number(&mut self.0)?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some((Attr::of_index((number >> 1) as usize), number & 1 == 1, bytes))
    }
}

impl<'n> NamedObject<'n> {
    /// Unpacks what [`FoundObject::new`] packed; place and faults are kept elsewhere.
    fn unpack(packed: &'n [u8]) -> Self {
        let mut values = PackedValues(packed);
        let cut = take_number(&mut &packed[..]).unwrap_or_default() >> 1;
        let (_, is_user, dn) = values.next().unwrap_or((Attr::MAIL, false, &[]));
        let cut = (cut as usize).checked_sub(1).map(Attr::of_index);
        Self { dn: std::str::from_utf8(dn).unwrap_or_default(), is_user, cut, values, ..Self::default() }
    }

    /// Restores the object, as a record that begins at this byte.
    pub(super) fn object(&self, at: usize) -> Object<'static> {
        let value = |(attr, is_guessed, bytes): (Attr, bool, &[u8])| {
            Value::new(attr, Cow::Owned(bytes.to_vec()), Value::ELSEWHERE).guessed(is_guessed)
        };
        let dn = || Cow::Owned(self.dn.to_owned());
        let named = Object::new(dn(), at);
        // An invalid DN belongs to an unreadable object, and is shown as written.
        let named = named.unwrap_or_else(|_| Object { dn: dn(), at, ..Object::default() });
        Object { values: self.values.map(value).collect(), cut: self.cut.map(|attr| (attr, at)), ..named }
    }

    fn guid(&self) -> Option<[u8; 16]> {
        let (.., guid) = self.values.clone().find(|value| value.0 == Attr::OBJECT_GUID)?;
        guid_octets(guid)
    }

    fn normalized(&self) -> Cow<'n, str> {
        ldif::dn::normalize(self.dn).unwrap_or_default()
    }

    /// Returns the identity: objects are the same by objectGUID, else by DN.
    fn identity(&self) -> Fingerprint {
        self.guid()
            .map_or_else(|| Fingerprint::of(self.normalized().as_bytes()), |guid| Fingerprint::of(&guid))
    }

    /// Whether both are records of one object.
    fn is_same(&self, other: &NamedObject<'_>) -> bool {
        match (self.guid(), other.guid()) {
            (Some(one), Some(other)) => one == other,
            _ => self.normalized() == other.normalized(),
        }
    }

    /// Whether two records of one object agree; the order of values makes no difference.
    fn agrees(&self, other: &NamedObject<'_>) -> bool {
        let sorted = |found: &NamedObject<'_>| {
            let object = found.object(0);
            let mut values: Vec<_> = object.values.into_iter().collect();
            values.sort_by(|one, other| (one.attr, one.bytes()).cmp(&(other.attr, other.bytes())));
            (object.normalized, values)
        };
        sorted(self) == sorted(other)
    }
}

/// The rows and the objects with each name, by the number of the name.
#[derive(Debug, Default)]
pub struct NamedObjects {
    names: Vec<StoredName>,
    /// The second and further rows with a name.
    rows: Vec<(u32, RecordLine)>,
    /// For a name, another record of one of its objects, which differs.
    contradictions: HashMap<u32, RecordLine>,
    links: Vec<Link>,
    /// The place of each object, and where it ends in `packed`.
    objects: Vec<(RecordLine, usize)>,
    packed: Vec<u8>,
    faults: HashMap<u32, Vec<(Finding, String)>>,
}

#[derive(Debug)]
struct StoredName {
    /// The first row with the name.
    row: RecordLine,
    /// The number of the first link to an object with the name, from 1.
    first: Option<NonZeroU32>,
    /// The number of objects beyond the limit.
    more: u32,
}

/// An object with a name, and the link to the next one.
#[derive(Clone, Copy, Debug)]
struct Link {
    object: u32,
    next: Option<NonZeroU32>,
}

fn to_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl NamedObjects {
    /// The number of the next new name.
    pub(super) fn next_number(&self) -> u32 {
        to_u32(self.names.len())
    }

    /// Adds a row with the name of this number.
    pub(super) fn add_row(&mut self, name: u32, row: RecordLine) {
        if name == self.next_number() {
            self.names.push(StoredName { row, first: None, more: 0 });
        } else {
            self.rows.push((name, row));
        }
    }

    /// Adds an object with the names of these numbers.
    pub(crate) fn add(&mut self, names: &[u32], mut found: FoundObject) {
        let mut stored = None;
        for &name in names {
            if self.admits(name, &found) {
                let object = *stored.get_or_insert_with(|| self.store(&mut found));
                self.link(name, object);
            }
        }
    }

    /// Whether the object is to be stored with the name. If not, notes that it contradicts the stored one, or that there
    /// are more objects than the limit.
    fn admits(&mut self, name: u32, found: &FoundObject) -> bool {
        let (view, named) = (found.view(), self.named(name));
        let same = named.found().find(|other| other.is_same(&view));
        match same {
            Some(same) if !same.is_user || same.agrees(&view) => {}
            Some(_) => {
                self.contradictions.insert(name, found.place);
            }
            // One object that is not a user is enough for the message.
            None if !view.is_user && named.found().any(|other| !other.is_user) => {}
            None if named.users().count() > Text::MOST_NAMED => self.names[name as usize].more += 1,
            None => return true,
        }
        false
    }

    /// Stores an object; returns its index.
    fn store(&mut self, found: &mut FoundObject) -> u32 {
        let object = to_u32(self.objects.len());
        self.packed.extend_from_slice(&found.packed);
        self.objects.push((found.place, self.packed.len()));
        if !found.faults.is_empty() {
            self.faults.insert(object, std::mem::take(&mut found.faults));
        }
        object
    }

    /// Links a stored object to a name, after those that have it already.
    fn link(&mut self, name: u32, object: u32) {
        let last = self.named(name).links().last();
        self.links.push(Link { object, next: None });
        let new = NonZeroU32::new(to_u32(self.links.len()));
        match last {
            Some((last, _)) => self.links[last].next = new,
            None => self.names[name as usize].first = new,
        }
    }

    /// Returns the stored object with this index.
    fn object(&self, index: u32) -> NamedObject<'_> {
        let (place, end) = self.objects[index as usize];
        let start = index.checked_sub(1).map_or(0, |before| self.objects[before as usize].1);
        let faults = self.faults.get(&index).map_or(&[][..], Vec::as_slice);
        NamedObject { place, faults, ..NamedObject::unpack(&self.packed[start..end]) }
    }

    /// The rows and the objects with the name of this number.
    pub(super) fn named(&self, name: u32) -> NamedUsers<'_> {
        NamedUsers { all: self, name }
    }

    /// Finishes after all exports were read: gives each name of a user the rows that use another name of the user.
    pub(super) fn close(&mut self) {
        self.rows.sort_unstable();
        let user = |name: u32| Some((self.named(name).user()?.identity(), name));
        let mut users: Vec<(Fingerprint, u32)> = (0..self.next_number()).filter_map(user).collect();
        users.sort_unstable();
        let mut further = Vec::new();
        for same in users.chunk_by(|one, other| one.0 == other.0).filter(|same| same.len() > 1) {
            for &(_, name) in same {
                let others = same.iter().flat_map(|&(_, other)| self.named(other).rows());
                further.extend(others.map(|row| (name, row)));
            }
        }
        self.rows.extend(further);
        self.rows.sort_unstable();
        self.rows.dedup();
    }
}

/// The rows that use a name, and the objects with that name.
#[derive(Clone, Copy)]
pub(super) struct NamedUsers<'n> {
    all: &'n NamedObjects,
    name: u32,
}

impl<'n> NamedUsers<'n> {
    /// The links to the objects, each with its index.
    fn links(self) -> impl Iterator<Item = (usize, Link)> + Clone + use<'n> {
        let link = move |number: NonZeroU32| {
            let index = number.get() as usize - 1;
            (index, self.all.links[index])
        };
        let first = self.all.names[self.name as usize].first;
        std::iter::successors(first.map(link), move |(_, last)| last.next.map(link))
    }

    /// The objects without duplicates, up to a limit, in order of the exports.
    pub(super) fn found(self) -> impl Iterator<Item = NamedObject<'n>> + Clone {
        self.links().map(move |(_, link)| self.all.object(link.object))
    }

    /// Those of them that are users.
    pub(super) fn users(self) -> impl Iterator<Item = NamedObject<'n>> + Clone {
        self.found().filter(|found| found.is_user)
    }

    /// The number of users.
    pub(super) fn count(self) -> usize {
        self.users().count() + self.all.names[self.name as usize].more as usize
    }

    /// The only user.
    pub(super) fn user(self) -> Option<NamedObject<'n>> {
        self.users().next().filter(|_| self.count() == 1)
    }

    /// Another record of one of the objects, which differs.
    pub(super) fn contradiction(self) -> Option<RecordLine> {
        self.all.contradictions.get(&self.name).copied()
    }

    /// The rows in order.
    pub(super) fn rows(self) -> Vec<RecordLine> {
        let rows = &self.all.rows;
        let further = rows[rows.partition_point(|row| row.0 < self.name)..].iter();
        let further = further.take_while(|row| row.0 == self.name).map(|row| row.1);
        let mut all: Vec<RecordLine> = further.chain([self.all.names[self.name as usize].row]).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}
