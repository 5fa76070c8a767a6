"""Migrations render few models anew, and no model is left with an old one's class."""

import pytest
from django.apps.registry import Apps
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from lockstitch.cli.migrating import only_what_points_to_it


def test_every_class_that_is_held_is_the_present_one() -> None:
    loader = MigrationLoader(None)
    leaves = loader.graph.leaf_nodes()
    plan = [node for leaf in leaves for node in loader.graph.forwards_plan(leaf)]
    with only_what_points_to_it():
        state = ProjectState(real_apps=set(loader.unmigrated_apps))
        assert isinstance(state.apps, Apps)  # rendered from here on, as when they are applied
        for node in dict.fromkeys(plan):
            state = loader.get_migration(*node).mutate_state(state, preserve=False)
        stale = [
            f"{model._meta.label}.{field.name}"
            for model in state.apps.get_models()
            for field in model._meta.get_fields(include_parents=False)
            if field.is_relation and not field.auto_created
            if field.related_model is not state.apps.get_model(field.related_model._meta.label)
        ]
    assert stale == []
    assert len(state.apps.get_models()) > 100


def test_it_is_django_s_own_again_afterwards() -> None:
    was = ProjectState._find_reload_model
    with pytest.raises(KeyError), only_what_points_to_it():
        raise KeyError
    assert ProjectState._find_reload_model is was
