"""XXH3-64 with a seed, for inputs of every length, after the published specification of xxHash 0.8."""

from struct import unpack_from

SECRET = bytes.fromhex(
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221"
    "b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8"
    "fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb17"
    "0ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e"
)
M32, M64 = (1 << 32) - 1, (1 << 64) - 1
P32 = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)
P64 = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)


def u32(data, at):
    return unpack_from("<I", data, at)[0]


def u64(data, at):
    return unpack_from("<Q", data, at)[0]


def swapped(n, width):
    return int.from_bytes(n.to_bytes(width, "little"), "big")


def rotated(n, bits):
    return (n << bits | n >> 64 - bits) & M64


def folded(a, b):
    """The two halves of the 128-bit product, xored."""
    product = a * b
    return product & M64 ^ product >> 64


def avalanche(h):
    h = (h ^ h >> 37) * 0x165667919E3779F9 & M64
    return h ^ h >> 32


def avalanche64(h):
    h = (h ^ h >> 33) * P64[1] & M64
    h = (h ^ h >> 29) * P64[2] & M64
    return h ^ h >> 32


def up_to_16(data, seed):
    n = len(data)
    if n == 0:
        return avalanche64(seed ^ u64(SECRET, 56) ^ u64(SECRET, 64))
    if n <= 3:
        word = data[0] << 16 | data[n >> 1] << 24 | data[-1] | n << 8
        return avalanche64(word ^ ((u32(SECRET, 0) ^ u32(SECRET, 4)) + seed & M64))
    if n <= 8:
        seed ^= swapped(seed & M32, 4) << 32
        word = u32(data, n - 4) | u32(data, 0) << 32
        h = word ^ ((u64(SECRET, 8) ^ u64(SECRET, 16)) - seed & M64)
        h ^= rotated(h, 49) ^ rotated(h, 24)
        h = h * 0x9FB21C651E98DF25 & M64
        h ^= (h >> 35) + n
        h = h * 0x9FB21C651E98DF25 & M64
        return h ^ h >> 28
    low = u64(data, 0) ^ ((u64(SECRET, 24) ^ u64(SECRET, 32)) + seed & M64)
    high = u64(data, n - 8) ^ ((u64(SECRET, 40) ^ u64(SECRET, 48)) - seed & M64)
    return avalanche(n + swapped(low, 8) + high + folded(low, high) & M64)


def up_to_240(data, seed):
    n = len(data)

    def mix(at, key):
        return folded(
            u64(data, at) ^ (u64(SECRET, key) + seed & M64),
            u64(data, at + 8) ^ (u64(SECRET, key + 8) - seed & M64),
        )

    h = n * P64[0]
    if n <= 128:
        for i in reversed(range((n - 1) // 32 + 1)):
            h += mix(16 * i, 32 * i) + mix(n - 16 * (i + 1), 32 * i + 16)
        return avalanche(h & M64)
    h = avalanche(h + sum(mix(16 * i, 16 * i) for i in range(8)) & M64)
    h += sum(mix(16 * i, 16 * (i - 8) + 3) for i in range(8, n // 16)) + mix(n - 16, 136 - 17)
    return avalanche(h & M64)


def longer(data, seed):
    secret = b"".join(
        ((u64(SECRET, at) + (-seed if at % 16 else seed)) & M64).to_bytes(8, "little")
        for at in range(0, 192, 8)
    )
    lanes = [P32[2], P64[0], P64[1], P64[2], P64[3], P32[1], P64[4], P32[0]]

    def accumulate(at, key):
        for i in range(8):
            word = u64(data, at + 8 * i)
            keyed = word ^ u64(secret, key + 8 * i)
            lanes[i ^ 1] = lanes[i ^ 1] + word & M64
            lanes[i] = lanes[i] + (keyed & M32) * (keyed >> 32) & M64

    n = len(data)
    stripes = (n - 1) // 64
    for stripe in range(stripes):
        accumulate(64 * stripe, 8 * (stripe % 16))
        if stripe % 16 == 15:
            for i in range(8):
                lane = lanes[i] ^ lanes[i] >> 47 ^ u64(secret, 128 + 8 * i)
                lanes[i] = lane * P32[0] & M64
    accumulate(n - 64, 192 - 64 - 7)
    h = n * P64[0]
    for i in range(4):
        h += folded(lanes[2 * i] ^ u64(secret, 11 + 16 * i), lanes[2 * i + 1] ^ u64(secret, 19 + 16 * i))
    return avalanche(h & M64)


def xxh3_64(data, seed=0):
    """The hash of `data` as an unsigned 64-bit integer; `seed` is one, too."""
    return (
        up_to_16(data, seed)
        if len(data) <= 16
        else up_to_240(data, seed) if len(data) <= 240 else longer(data, seed)
    )
