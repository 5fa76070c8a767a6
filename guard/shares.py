"""The master key as three shares of which any two are enough (SLIP-39 words), for three people."""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from guard.keys import KEY_BYTES, KeyFileError, write_file

NEEDED, MADE = 2, 3


def split(master: bytes, folder: Path) -> list[Path]:
    """Writes share-1 to share-3 into `folder`, once. Raises KeyFileError when one is there."""
    files = [folder / f"share-{number}" for number in range(1, MADE + 1)]
    if any(file.exists() for file in files):
        raise KeyFileError(f"there are shares in {folder} already")
    [words] = generate_mnemonics(1, [(NEEDED, MADE)], master)
    for pair in combinations(words, NEEDED):
        if combine_mnemonics(pair) != master:
            raise KeyFileError("the shares do not give the key again: nothing was written")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file, share in zip(files, words, strict=True):
        write_file(file, f"{share}\n".encode())
    return files


def combine(files: Sequence[Path]) -> bytes:
    """The master key out of two share files. Raises KeyFileError."""
    try:
        master: bytes = combine_mnemonics([file.read_text().strip() for file in files])
    except OSError as error:
        raise KeyFileError(f"{error.filename} cannot be read") from None
    except MnemonicError:
        raise KeyFileError("these are not two shares of one key") from None
    if len(master) != KEY_BYTES:
        raise KeyFileError("these are shares of something else")
    return master
