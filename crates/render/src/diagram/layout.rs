//! Where the boxes of a diagram stand, and which way its lines go.
//!
//! Tables that hang together are laid out in layers (Sugiyama, Tagawa and Toda 1981, as `rust-sugiyama`
//! does it): a referenced table stands left of those that reference it. Real schemas have a few tables that
//! everything references, so a layer can be very tall; it is then broken into columns side by side, and the
//! groups are packed into a page that is somewhat wider than tall.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rust_sugiyama::configure::{Config, RankingType};

use super::text::{cut, width};
use super::{Diagram, DiagramColumn, DiagramKey, DiagramTable};

/// Height of a box's head, in pixels.
pub(super) const HEAD: f64 = 30.0;
/// Height of a row, in pixels.
pub(super) const ROW: f64 = 18.0;
/// Space under the last row, in pixels.
const FOOT: f64 = 6.0;
/// Space between boxes of one column.
const BETWEEN: f64 = 22.0;
/// Space between columns; the lines run here.
const CHANNEL: f64 = 74.0;
/// Space between groups of tables.
const APART: f64 = 56.0;
/// Space around everything.
const MARGIN: f64 = 24.0;
/// Wider than tall by this much, as screens are.
const ASPECT: f64 = 1.6;
/// Names longer than this many characters are cut; the whole name is in the title.
const LONGEST_NAME: usize = 36;
/// Types longer than this are cut.
const LONGEST_TYPE: usize = 22;
/// A box shows this many columns at most.
const MOST_ROWS: usize = 40;
/// Groups of more tables stand in order of their names: layers would take too long.
const LARGEST_GROUP: usize = 3_000;
/// Above this many tables, neighbours in a layer are not tried in each other's place.
const LARGEST_TRANSPOSED: usize = 150;

/// How much of a table a box shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// As much as stays readable for the number of tables.
    #[default]
    Automatic,
    /// Its name alone.
    Names,
    /// Its keys and what identifies a person.
    Keys,
    /// Every column, up to forty.
    Columns,
}

/// One table and what is near it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Focus {
    /// The table, as [`DiagramTable::table`] names it.
    pub table: String,
    /// How many foreign keys away a table may be, in either direction.
    pub distance: usize,
}

/// Which part of a diagram is wanted, and how much of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extract {
    /// How much of each table.
    pub detail: Detail,
    /// The whole schema without one.
    pub focus: Option<Focus>,
}

/// A row of a box.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    pub(super) column: &'a DiagramColumn,
    pub(super) name: String,
    pub(super) data_type: String,
}

/// A table with its place, in pixels.
#[derive(Clone, Debug)]
pub(super) struct Placed<'a> {
    pub(super) table: &'a DiagramTable,
    pub(super) name: String,
    pub(super) rows: Vec<Row<'a>>,
    /// How many columns are not shown.
    pub(super) more: usize,
    /// Its partitions, which are not shown.
    pub(super) partitions: Vec<&'a DiagramTable>,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A foreign key between two shown tables.
#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    /// The referencing table, by its position among the placed ones.
    pub(super) from: usize,
    /// The referenced one.
    pub(super) to: usize,
    pub(super) key: &'a DiagramKey,
}

/// A laid out diagram.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout<'a> {
    pub(super) boxes: Vec<Placed<'a>>,
    pub(super) lines: Vec<Line<'a>>,
    pub(super) width: f64,
    pub(super) height: f64,
    /// How many tables the extract leaves out.
    pub(super) left_out: usize,
}

/// Lays out a diagram.
pub(super) fn layout<'a>(diagram: &'a Diagram, extract: &Extract) -> Layout<'a> {
    let (shown, stands_for) = shown(diagram);
    let total = shown.len();
    let lines = lines(&shown, &stands_for);
    let (shown, lines) = match &extract.focus {
        Some(focus) => near(shown, lines, focus, &stands_for),
        None => (shown, lines),
    };
    let detail = match extract.detail {
        Detail::Automatic if shown.len() <= 16 => Detail::Columns,
        Detail::Automatic if shown.len() <= 80 => Detail::Keys,
        Detail::Automatic => Detail::Names,
        asked => asked,
    };
    let mut boxes: Vec<Placed> =
        shown.iter().map(|(table, partitions)| sized(table, partitions.clone(), detail)).collect();
    let (width, height) = place(&mut boxes, &lines);
    Layout { left_out: total - boxes.len(), boxes, lines, width, height }
}

/// A table with its partitions.
type Shown<'a> = Vec<(&'a DiagramTable, Vec<&'a DiagramTable>)>;

/// The tables that get a box, and for each table's name the box that stands for it: a partition is part of
/// the table it belongs to.
fn shown(diagram: &Diagram) -> (Shown<'_>, BTreeMap<&str, usize>) {
    let by_name: BTreeMap<&str, &DiagramTable> =
        diagram.tables.iter().map(|table| (table.table.as_str(), table)).collect();
    let root = |table: &DiagramTable| {
        let mut at = table.table.as_str();
        // As many steps as there are tables: what is written wrong may go in a circle.
        for _ in 0..by_name.len() {
            let parent = by_name.get(at).and_then(|table| table.partition_of.as_deref());
            match parent.and_then(|parent| by_name.get_key_value(parent)) {
                Some((parent, _)) => at = parent,
                None => break,
            }
        }
        at.to_owned()
    };
    let mut shown: Shown = Vec::new();
    let mut stands_for: BTreeMap<&str, usize> = BTreeMap::new();
    let mut parts: Vec<(&DiagramTable, String)> = Vec::new();
    for table in &diagram.tables {
        let root = root(table);
        if root == table.table {
            stands_for.insert(&table.table, shown.len());
            shown.push((table, Vec::new()));
        } else {
            parts.push((table, root));
        }
    }
    for (part, root) in parts {
        let Some(&at) = stands_for.get(root.as_str()) else { continue };
        stands_for.insert(&part.table, at);
        if let Some((_, partitions)) = shown.get_mut(at) {
            partitions.push(part);
        }
    }
    (shown, stands_for)
}

fn lines<'a>(shown: &Shown<'a>, stands_for: &BTreeMap<&str, usize>) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for (from, (table, _)) in shown.iter().enumerate() {
        for key in &table.foreign_keys {
            if let Some(&to) = stands_for.get(key.target.as_str()) {
                lines.push(Line { from, to, key });
            }
        }
    }
    lines
}

/// The tables near one, and the lines between them.
fn near<'a>(
    shown: Shown<'a>,
    lines: Vec<Line<'a>>,
    focus: &Focus,
    stands_for: &BTreeMap<&str, usize>,
) -> (Shown<'a>, Vec<Line<'a>>) {
    let Some(&start) = stands_for.get(focus.table.as_str()) else { return (shown, lines) };
    let mut beside: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for line in &lines {
        beside.entry(line.from).or_default().insert(line.to);
        beside.entry(line.to).or_default().insert(line.from);
    }
    let mut distance = BTreeMap::from([(start, 0)]);
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        let next = distance.get(&at).copied().unwrap_or_default() + 1;
        if next > focus.distance {
            continue;
        }
        for &other in beside.get(&at).into_iter().flatten() {
            distance.entry(other).or_insert_with(|| {
                queue.push_back(other);
                next
            });
        }
    }
    let renumbered: BTreeMap<usize, usize> =
        distance.keys().enumerate().map(|(new, &old)| (old, new)).collect();
    let kept = shown.into_iter().enumerate().filter(|(at, _)| renumbered.contains_key(at));
    let lines = lines.into_iter().filter_map(|line| {
        let from = *renumbered.get(&line.from)?;
        let to = *renumbered.get(&line.to)?;
        Some(Line { from, to, key: line.key })
    });
    (kept.map(|(_, table)| table).collect(), lines.collect())
}

/// A box with its rows and its size.
fn sized<'a>(
    table: &'a DiagramTable,
    partitions: Vec<&'a DiagramTable>,
    detail: Detail,
) -> Placed<'a> {
    let wanted = |column: &&DiagramColumn| match detail {
        Detail::Names | Detail::Automatic => false,
        Detail::Keys => column.primary_key || column.foreign_key || column.sensitive.is_some(),
        Detail::Columns => true,
    };
    let rows: Vec<Row> = table
        .columns
        .iter()
        .filter(wanted)
        .take(MOST_ROWS)
        .map(|column| Row {
            column,
            name: cut(&column.name, LONGEST_NAME),
            data_type: cut(&column.data_type, LONGEST_TYPE),
        })
        .collect();
    let more = match detail {
        Detail::Names | Detail::Automatic => 0,
        Detail::Keys | Detail::Columns => table.columns.len() - rows.len(),
    };
    let name = cut(&table.table, LONGEST_NAME);
    let wide = |row: &Row| {
        let marks = if row.column.sensitive.is_some() { 24.0 } else { 0.0 };
        width(&row.name) + width(&row.data_type) * 0.92 + 62.0 + marks
    };
    // The name is bold, with the sign of the verdict before it.
    let head = width(&name) * 1.06 + 54.0;
    let lines = rows.len() + usize::from(more > 0) + usize::from(!partitions.is_empty());
    let body = if lines == 0 { 0.0 } else { count(lines) * ROW + FOOT };
    Placed {
        table,
        width: rows.iter().map(wide).fold(head.max(120.0), f64::max).ceil(),
        height: HEAD + body,
        name,
        rows,
        more,
        partitions,
        x: 0.0,
        y: 0.0,
    }
}

/// Gives every box its place; the size of the page.
fn place(boxes: &mut [Placed], lines: &[Line]) -> (f64, f64) {
    let mut groups: Vec<Group> = Vec::new();
    let mut alone: Vec<usize> = Vec::new();
    for members in components(boxes.len(), lines) {
        match members.as_slice() {
            [one] => alone.push(*one),
            _ => groups.push(layered(boxes, lines, &members)),
        }
    }
    if !alone.is_empty() {
        groups.push(columns_of(boxes, &[alone]));
    }
    pack(boxes, groups)
}

/// Boxes with their places relative to each other.
struct Group {
    places: Vec<(usize, f64, f64)>,
    width: f64,
    height: f64,
}

/// The tables that hang together, each group in order, the groups by their first.
fn components(count: usize, lines: &[Line]) -> Vec<Vec<usize>> {
    let mut root: Vec<usize> = (0..count).collect();
    for line in lines {
        let (from, to) = (find(&mut root, line.from), find(&mut root, line.to));
        if let Some(slot) = root.get_mut(from.max(to)) {
            *slot = from.min(to);
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..count {
        groups.entry(find(&mut root, at)).or_default().push(at);
    }
    groups.into_values().collect()
}

/// The root of a set, which becomes nearer on the way.
fn find(root: &mut [usize], mut at: usize) -> usize {
    while let Some(&up) = root.get(at)
        && up != at
    {
        let above = root.get(up).copied().unwrap_or(up);
        if let Some(slot) = root.get_mut(at) {
            *slot = above;
        }
        at = above;
    }
    at
}

/// Lays out a group in layers.
fn layered(boxes: &[Placed], lines: &[Line], members: &[usize]) -> Group {
    if members.len() > LARGEST_GROUP {
        return columns_of(boxes, &[members.to_vec()]);
    }
    let number: BTreeMap<usize, u32> = members.iter().copied().zip(0..).collect();
    let size = |at: usize| boxes.get(at).map_or(0.0, |it| it.height);
    // The layers run from left to right, so that what the algorithm takes for a width is a height.
    let vertices: Vec<(u32, (f64, f64))> =
        number.iter().map(|(&at, &id)| (id, (size(at), 1.0))).collect();
    let edges: BTreeSet<(u32, u32)> = lines
        .iter()
        .filter(|line| line.from != line.to)
        .filter_map(|line| Some((*number.get(&line.to)?, *number.get(&line.from)?)))
        .collect();
    let edges: Vec<(u32, u32)> = edges.into_iter().collect();
    let config = Config {
        vertex_spacing: BETWEEN,
        // The other ways to rank do not always end.
        ranking_type: RankingType::Up,
        transpose: members.len() <= LARGEST_TRANSPOSED,
        ..Config::default()
    };
    let found = rust_sugiyama::from_vertices_and_edges(&vertices, &edges, &config);
    // (layer, place in it) → boxes.
    let mut layers: BTreeMap<i64, Vec<(f64, usize)>> = BTreeMap::new();
    for (id, (along, layer)) in found.into_iter().flat_map(|(places, ..)| places) {
        if let Some(&at) = members.get(id) {
            #[expect(clippy::cast_possible_truncation, reason = "layers are small whole numbers")]
            layers.entry(layer.round() as i64).or_default().push((along, at));
        }
    }
    let layers: Vec<Vec<(f64, usize)>> = layers
        .into_values()
        .map(|mut layer| {
            layer.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            layer
        })
        .collect();
    let tallest = layers
        .iter()
        .map(|layer| layer.iter().map(|(_, at)| size(*at) + BETWEEN).sum::<f64>())
        .fold(0.0, f64::max);
    if tallest <= tall_enough(boxes, members) {
        aligned(boxes, &layers)
    } else {
        let order = |layer: &Vec<(f64, usize)>| layer.iter().map(|(_, at)| *at).collect();
        let orders: Vec<Vec<usize>> = layers.iter().map(order).collect();
        columns_of(boxes, &orders)
    }
}

/// How tall a group of these boxes should become at most.
fn tall_enough(boxes: &[Placed], members: &[usize]) -> f64 {
    let members = || members.iter().filter_map(|at| boxes.get(*at));
    let area: f64 = members().map(|it| (it.width + CHANNEL) * (it.height + BETWEEN)).sum();
    let tallest = members().map(|it| it.height).fold(0.0, f64::max);
    // A layer is rarely full, so that a square root of the area alone would break layers too early.
    ((area / ASPECT).sqrt() * 1.25).max(tallest).max(420.0)
}

/// Keeps the places that the layers gave.
fn aligned(boxes: &[Placed], layers: &[Vec<(f64, usize)>]) -> Group {
    let height_of = |at: usize| boxes.get(at).map_or(0.0, |it| it.height);
    let mut places = Vec::new();
    let mut x = 0.0;
    for layer in layers {
        let widest = layer
            .iter()
            .filter_map(|(_, at)| boxes.get(*at))
            .map(|it| it.width)
            .fold(0.0, f64::max);
        // The places are of the middles; boxes of different heights must not touch all the same.
        let mut free = f64::NEG_INFINITY;
        for &(along, at) in layer {
            let y = (along - height_of(at) / 2.0).max(free);
            free = y + height_of(at) + BETWEEN;
            places.push((at, x, y));
        }
        x += widest + CHANNEL;
    }
    let top = places.iter().map(|(_, _, y)| *y).fold(f64::INFINITY, f64::min);
    let bottom = places.iter().map(|(at, _, y)| y + height_of(*at)).fold(0.0, f64::max);
    for (_, _, y) in &mut places {
        *y -= top;
    }
    Group { places, width: (x - CHANNEL).max(0.0), height: bottom - top }
}

/// Breaks each layer into as many columns as it needs, keeping its order.
fn columns_of(boxes: &[Placed], layers: &[Vec<usize>]) -> Group {
    let members: Vec<usize> = layers.iter().flatten().copied().collect();
    let tall = tall_enough(boxes, &members);
    let (mut places, mut x, mut height) = (Vec::new(), 0.0, 0.0_f64);
    for layer in layers {
        let total: f64 =
            layer.iter().filter_map(|at| boxes.get(*at)).map(|it| it.height + BETWEEN).sum();
        // Columns of one layer are as tall as each other.
        let share = total / (total / tall).ceil().max(1.0);
        let (mut y, mut widest) = (0.0, 0.0_f64);
        for (at, it) in layer.iter().filter_map(|at| Some((*at, boxes.get(*at)?))) {
            if y > 0.0 && y + it.height / 2.0 > share {
                x += widest + CHANNEL;
                (y, widest) = (0.0, 0.0);
            }
            places.push((at, x, y));
            y += it.height + BETWEEN;
            widest = widest.max(it.width);
            height = height.max(y - BETWEEN);
        }
        x += widest + CHANNEL;
    }
    Group { places, width: (x - CHANNEL).max(0.0), height }
}

/// Puts the groups into rows, the tallest first, as one fills shelves.
fn pack(boxes: &mut [Placed], mut groups: Vec<Group>) -> (f64, f64) {
    groups.sort_by(|a, b| b.height.total_cmp(&a.height));
    let area: f64 = groups.iter().map(|it| (it.width + APART) * (it.height + APART)).sum();
    let widest = groups.iter().map(|it| it.width).fold(0.0, f64::max);
    let limit = (area * ASPECT).sqrt().max(widest);
    let (mut x, mut y, mut shelf) = (0.0, 0.0, 0.0_f64);
    let (mut width, mut height) = (0.0_f64, 0.0_f64);
    for group in groups {
        if x > 0.0 && x + group.width > limit {
            x = 0.0;
            y += shelf + APART;
            shelf = 0.0;
        }
        for (at, left, top) in group.places {
            if let Some(it) = boxes.get_mut(at) {
                it.x = (MARGIN + x + left).round();
                it.y = (MARGIN + y + top).round();
            }
        }
        width = width.max(x + group.width);
        height = height.max(y + group.height);
        shelf = shelf.max(group.height);
        x += group.width + APART;
    }
    (width + 2.0 * MARGIN, height + 2.0 * MARGIN)
}

/// A small number as a length.
pub(super) fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
