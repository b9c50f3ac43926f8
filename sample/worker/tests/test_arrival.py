import unittest

from rondo_worker.arrival import Leg, arrival_minutes, promised
from rondo_worker.traffic import default_profile


class ArrivalTest(unittest.TestCase):
    def test_rush_hour_is_slower(self) -> None:
        legs = [Leg(kilometres=3.0)]
        quiet = arrival_minutes(legs, 600, default_profile())[0] - 600
        rush = arrival_minutes(legs, 480, default_profile())[0] - 480
        self.assertAlmostEqual(quiet, 12.0)
        self.assertGreater(rush, quiet)

    def test_promises_are_rounded_up(self) -> None:
        self.assertEqual(promised(601), 605)
        self.assertEqual(promised(605), 605)


if __name__ == "__main__":
    unittest.main()
