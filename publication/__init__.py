"""What leaves the building: releases, written whole or not at all."""
