use super::*;

fn item(id: &str, listing: u32) -> ConfigurationItem<'static> {
    ConfigurationItem {
        at: Provenance {
            listing: ListingIndex(listing),
            element: 3,
            offset: 1 << 33,
        },
        place: Place {
            account: Some("111122223333".into()),
            region: None,
        },
        resource_type: "AWS::S3::Bucket".into(),
        resource_id: id.to_owned().into(),
        resource_name: None,
        arn: Some("".into()),
        status: "OK".into(),
        captured_at: AwsTime::from_text("2026-09-30T01:02:03.004Z"),
        created_at: AwsTime::from_text("2026-09-30T01:02:03"),
        tags: vec![
            ("이름".into(), "값".into()),
            ("".into(), "x".repeat(70_000).into()),
        ],
    }
}

#[test]
fn of_an_item_32_bytes_stay_in_memory() {
    assert_eq!(size_of::<Head>(), 32);
}

#[test]
fn items_are_read_back_as_they_were_kept_in_any_order() {
    let mut items = Items::default();
    let ids: Vec<String> = (0..200).map(|n| format!("bucket-{n}")).collect();
    for id in &ids {
        items.push(&item(id, 0)).expect("room");
    }
    for sealed in [false, true] {
        let mut reader = items.reader();
        for n in [0, 1, 2, 199, 17, 16, 198] {
            assert_eq!(reader.read(n).expect("kept"), item(&ids[n], 0), "{sealed}");
        }
        items.seal().expect("room");
    }
    assert_eq!(items.kinds().len(), 1);
    let captured = items
        .iter()
        .next()
        .and_then(|recorded| recorded.captured_at());
    assert_eq!(
        captured.map(|c| c.timestamp_millis()),
        Some(1_790_730_123_004)
    );
}

#[test]
fn what_is_taken_over_moves_with_its_file_and_learns_its_place() {
    let spool = Spool::default();
    let mut all = Items::new(spool.clone());
    for base in [0, 5] {
        let mut of_file = Items::new(spool.clone());
        of_file.push(&item("bucket", 1)).expect("room");
        of_file.seal().expect("room");
        let path = Place {
            account: Some("444455556666".into()),
            region: Some("us-east-1".into()),
        };
        all.append(of_file, base, &path).expect("room");
    }
    let read: Vec<(u32, Place)> = all
        .iter()
        .map(|recorded| (recorded.kind.listing.0, recorded.kind.place.clone()))
        .collect();
    let place = Place {
        account: Some("111122223333".into()),
        region: Some("us-east-1".into()),
    };
    assert_eq!(read, [(1, place.clone()), (6, place.clone())]);
    let mut reader = all.reader();
    let second = reader.read(1).expect("kept");
    assert_eq!((second.at.listing.0, second.place), (6, place));
}

#[test]
fn a_type_and_an_id_cannot_pass_for_others() {
    assert_ne!(identity("AWS::A", "b"), identity("AWS::", "Ab"));
    assert_eq!(identity("AWS::A", "b"), identity("AWS::A", "b"));
}
