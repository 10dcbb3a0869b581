"""Rate limits hold across processes, count exactly, and fill again."""

import threading
from datetime import timedelta

from django.db import connection
from django.test import RequestFactory, TestCase, TransactionTestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registry.core.errors import TooMany
from registry.core.limits import RateBucket, client_block, take
from registry.core.tasks import forget_old_keys


def takes(count, who="u1", **limit):
    """How many of so many tries pass."""
    passed = 0
    for _ in range(count):
        try:
            take("test", who, **limit)
            passed += 1
        except TooMany:
            pass
    return passed


class TakeTests(TestCase):
    def test_passes_as_many_as_the_bucket_holds(self):
        self.assertEqual(takes(8, size=5, per_seconds=3600), 5)
        self.assertEqual(takes(8, who="u2", size=5, per_seconds=3600), 5)

    def test_fills_again_with_time_but_never_over_its_size(self):
        takes(5, size=5, per_seconds=50)
        RateBucket.objects.update(filled_at=timezone.now() - timedelta(seconds=21))
        self.assertEqual(takes(8, size=5, per_seconds=50), 2)

        RateBucket.objects.update(filled_at=timezone.now() - timedelta(days=2))
        self.assertEqual(takes(8, size=5, per_seconds=3600), 5)

    def test_says_how_long_to_wait(self):
        takes(1, size=1, per_seconds=60)

        with self.assertRaises(TooMany) as caught:
            take("test", "u1", size=1, per_seconds=60)

        self.assertEqual(caught.exception.retry_after, 60)

    @override_settings(RATE_LIMIT_SCALE=3)
    def test_scales_for_large_events(self):
        self.assertEqual(takes(20, size=5, per_seconds=3600), 15)

    def test_full_buckets_are_forgotten(self):
        takes(1, size=5, per_seconds=3600)
        RateBucket.objects.update(filled_at=timezone.now() - timedelta(days=8))

        forget_old_keys()

        self.assertFalse(RateBucket.objects.exists())

    def test_are_forgotten_a_thousand_at_a_time_however_many_there_are(self):
        old = timezone.now() - timedelta(days=8)
        RateBucket.objects.bulk_create(RateBucket(key=f"k{n}", tokens=1, filled_at=old) for n in range(2500))

        with CaptureQueriesContext(connection) as caught:
            forget_old_keys()

        deletes = [q["sql"] for q in caught if "DELETE" in q["sql"] and "ratebucket" in q["sql"]]
        self.assertEqual((RateBucket.objects.count(), len(deletes)), (0, 4))
        self.assertTrue(all("LIMIT 1000" in sql for sql in deletes))

    def test_says_long_waits_in_hours(self):
        takes(1, size=1, per_seconds=86_400)
        with self.assertRaisesRegex(TooMany, "Wait 24 hours and try again"):
            take("test", "u1", size=1, per_seconds=86_400)


class AtOnceTests(TransactionTestCase):
    def test_exactly_twenty_of_two_hundred_pass(self):
        passed = []

        def client():
            try:
                passed.append(takes(10, size=20, per_seconds=36000))
            finally:
                connection.close()

        threads = [threading.Thread(target=client) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

        self.assertEqual((len(passed), sum(passed)), (20, 20))


class ClientBlockTests(TestCase):
    def block(self, address="198.51.100.7", **headers):
        return client_block(RequestFactory(REMOTE_ADDR=address).get("/", **headers))

    def test_is_the_address_or_the_network_of_an_ipv6_one(self):
        self.assertEqual(self.block(), "198.51.100.7")
        self.assertEqual(self.block("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64")
        self.assertEqual(self.block("not an address"), "unknown")

    def test_forged_forwarding_headers_count_for_nothing(self):
        forged = {"HTTP_X_FORWARDED_FOR": "203.0.113.9, 203.0.113.10"}
        self.assertEqual(self.block(**forged), "198.51.100.7")
        with override_settings(TRUSTED_PROXIES=1):
            self.assertEqual(self.block(**forged), "203.0.113.10")
