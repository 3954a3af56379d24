"""The words in the figures; a language is one more table, which must have the same keys."""

from __future__ import annotations

from derive.notes.catalogue import UnknownLanguage

WORDS = {
    "en": {
        "input": "input",
        "kernel": "kernel",
        "output": "output",
        "image": "image",
        "absolute": "|value|, white: {0}",
        "forward": "forward",
        "arrive": "cotangents arrive",
        "signal": "signal",
        "reflected": "reflected kernel",
        "shifted": "shifted kernel",
        "kernels": "kernels",
        "window": "Cross-correlation by hand",
        "window.more": "A {0} input and a {1} kernel give the {2} output {3}.",
        "backpropagation": "Backpropagation through a one-dimensional convolution",
        "backpropagation.more": (
            "{0} inputs, {1} shared weights, {2} outputs before the activation: the forward pass, "
            "the cotangents, then for each weight and each input the edges that contribute to "
            "its gradient."
        ),
        "sliding": "A kernel slides over a signal",
        "sliding.more": "The signal in blue, the kernel in red, the result in black. {0}",
        "sliding.sums": "Results: {0}.",
        "sliding.grid": "The integrals are approximated by sums with step {0}.",
        "channels": "Channels of a convolution",
        "channels.more": (
            "{0} input channels; {1} kernels of {0} channels each; every kernel gives one of the "
            "{1} output channels."
        ),
        "filters": "Kernels of image processing",
        "filters.more": "A grey image of {0} pixels, and what it becomes under: {1}.",
        "identity": "identity",
        "blur": "blur",
        "sharpen": "sharpen",
        "outline": "outline",
        "emboss": "emboss",
        "sobel x": "Sobel x",
        "sobel y": "Sobel y",
    },
    "ko": {
        "input": "입력",
        "kernel": "커널",
        "output": "출력",
        "image": "이미지",
        "absolute": "|값|, 흰색: {0}",
        "forward": "순전파",
        "arrive": "그레디언트 도착",
        "signal": "신호",
        "reflected": "뒤집은 커널",
        "shifted": "옮긴 커널",
        "kernels": "커널",
        "window": "손으로 계산하는 교차상관",
        "window.more": "{0} 입력과 {1} 커널의 {2} 출력은 {3}.",
        "backpropagation": "1차원 합성곱의 역전파",
        "backpropagation.more": (
            "입력 {0}개, 공유 가중치 {1}개, 활성화 이전의 출력 {2}개: 순전파, 들어오는 그레디언트, "
            "그리고 가중치와 입력마다 그 그레디언트에 기여하는 간선."
        ),
        "sliding": "신호 위를 움직이는 커널",
        "sliding.more": "파랑은 신호, 빨강은 커널, 검정은 결과. {0}",
        "sliding.sums": "결과: {0}.",
        "sliding.grid": "적분은 간격 {0}의 합으로 근사하였다.",
        "channels": "합성곱의 채널",
        "channels.more": (
            "입력 채널 {0}개, 채널이 {0}개인 커널 {1}개, 커널마다 출력 채널 하나씩 {1}개."
        ),
        "filters": "이미지 처리의 커널",
        "filters.more": "{0} 픽셀의 회색 이미지와 커널을 적용한 결과: {1}.",
        "identity": "항등",
        "blur": "흐리게",
        "sharpen": "선명하게",
        "outline": "윤곽선",
        "emboss": "엠보싱",
        "sobel x": "소벨 x",
        "sobel y": "소벨 y",
    },
}


def word(key: str, language: str, *data: object) -> str:
    """An entry with its data.

    >>> word("input", "en")
    'input'
    """
    if language not in WORDS:
        raise UnknownLanguage(
            f"no words of the figures for {language!r}; there are: {', '.join(sorted(WORDS))}"
        )
    return WORDS[language][key].format(*data)
