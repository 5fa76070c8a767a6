"""The shop's half of a membership. Who the person is, only the guard knows."""

from lockstitch.members.models.member import Consent as Consent
from lockstitch.members.models.member import Member as Member
from lockstitch.members.models.member import Programme as Programme
from lockstitch.members.models.member import Rank as Rank
from lockstitch.members.models.member import RankChange as RankChange
from lockstitch.members.models.own import Favourite as Favourite
from lockstitch.members.models.own import Garment as Garment
from lockstitch.members.models.own import Note as Note
from lockstitch.members.models.points import PointAccount as PointAccount
from lockstitch.members.models.points import PointEntry as PointEntry
from lockstitch.members.models.points import PointLot as PointLot
from lockstitch.members.models.points import PointRule as PointRule
from lockstitch.members.models.points import PointUse as PointUse
