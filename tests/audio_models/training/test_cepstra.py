"""Sphinx's cepstra become the energies of the same sound. The cepstra come from the real sphinx_fe."""

from __future__ import annotations

import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest
import soxr

from audio_models.errors import BadRecordings
from audio_models.training.cepstra import SILENT, Parameters, log_mel_of, read_cepstra
from audio_models.training.features import RATE, log_mel

TELEPHONE = Parameters(samprate=8000.0, nfilt=15, lowerf=200.0, upperf=3500.0)
FEAT_PARAMS = "-samprate 8000\n-nfilt 15\n-lowerf 200\n-upperf 3500\n-transform dct\n-lifter 22\n-feat 1s_c_d_dd\n"


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    path = tmp_path_factory.mktemp("speech") / "said.wav"
    subprocess.run(["espeak-ng", "-v", "ru", "-w", path, "найдите книгу путь абая"], check=True)
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        return soxr.resample(samples, file.getframerate(), RATE)


def cepstra_of(samples: np.ndarray, parameters: Parameters, folder: Path) -> Path:
    rate = int(parameters.samprate)
    with wave.open(str(folder / "said.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(soxr.resample(samples, RATE, rate).astype(np.int16).tobytes())
    bank = f"-samprate {rate} -nfilt {parameters.nfilt} -lowerf {parameters.lowerf} -upperf {parameters.upperf}"
    options = f"{bank} -transform dct -lifter {parameters.lifter} -remove_noise no -remove_silence no -mswav yes"
    command = ["sphinx_fe", *options.split(), "-i", folder / "said.wav", "-o", folder / "said.mfc"]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "said.mfc"


@pytest.mark.real
@pytest.mark.parametrize(("parameters", "bands"), [(TELEPHONE, slice(6, 28)), (Parameters(), slice(6, 37))])
def test_the_energies_are_those_of_the_sound(speech, tmp_path, parameters, bands):
    found = log_mel_of(read_cepstra(cepstra_of(speech, parameters, tmp_path)), parameters)
    real = log_mel(speech)
    count = min(len(found), len(real))
    loud = real[:count].max(axis=1) > 12
    difference = (found[:count] - real[:count])[loud][:, bands]
    assert abs(difference.mean()) < 1.0
    assert difference.std() < 1.3 < real[:count][loud][:, bands].std() / 2


@pytest.mark.real
def test_bands_outside_of_the_bank_are_silent(speech, tmp_path):
    found = log_mel_of(read_cepstra(cepstra_of(speech, TELEPHONE, tmp_path)), TELEPHONE)
    assert (found[:, 32:] == SILENT).all()


def test_parameters_are_read_by_their_names_in_sphinx(tmp_path):
    (tmp_path / "feat.params").write_text(FEAT_PARAMS)
    assert Parameters.read(tmp_path / "feat.params") == TELEPHONE


@pytest.mark.parametrize("line", ["-nfilt many", "-transform legacy"])
def test_parameters_that_cannot_be_used_are_refused(tmp_path, line):
    (tmp_path / "feat.params").write_text(f"{line}\n")
    with pytest.raises(BadRecordings):
        Parameters.read(tmp_path / "feat.params")


@pytest.mark.parametrize("order", "<>")
def test_both_byte_orders_are_read(tmp_path, order):
    numbers = np.arange(26, dtype=f"{order}f4")
    (tmp_path / "a.mfc").write_bytes(np.array([26], f"{order}i4").tobytes() + numbers.tobytes())
    assert read_cepstra(tmp_path / "a.mfc").tolist() == np.arange(26.0).reshape(2, 13).tolist()


@pytest.mark.parametrize("data", [b"", b"RIFF", np.array([12, *range(12)], "<i4").tobytes()])
def test_another_file_is_refused(tmp_path, data):
    (tmp_path / "a.mfc").write_bytes(data)
    with pytest.raises(BadRecordings):
        read_cepstra(tmp_path / "a.mfc")
