package yoti

import (
	"crypto/rsa"
	"math/big"
	"testing"
)

// The primes of a key that signs nothing but these two strings.
const (
	vectorP = "f5316c7557782fa99f7a36472284281fb974484354ece1590b07d8cd0c4fffe481a0c2accb4d771ba33849e69dffdedca3ae1ad293917ae952e63049296cb518" +
		"9ec82ea4321238f2b58009cc2b9745de622b34b5eefd09a3c04cd36573e8e5f6f9ff7659624cf26ab9d660d3ffee2554c1292c1a41be08b81e6a84d68f30a163"
	vectorQ = "cd78a9137a461ae749a0157cbffc9e383bb9381838b8f64bc51f38c0f831c1edf290826177d2d7173d47316c9523b37b18c18e45c6cd15bd6c6dd31c003e78ef" +
		"207a2ac36025bcb4c7c608eec9e1371a8e89a69313153ddb152f13aac22ed7bf55a0bac42a893d6b377b1b97f3b39297587c3fa2992135952dbb5b5d12b23fa5"
)

// vectorSignatures are those of openssl dgst -sha256 -sign, in base64, over two of the documented strings. They hold the
// signature where openssl is not installed.
var vectorSignatures = map[string]string{
	"GET&/sessions/abc?Q": "a1WBTgFwxF4iGiodIj+cDEVabK/+GWWVsej6X8jJ5P2i7IDnmkndTh2dvsvml9lxNGoTx0clrUmEwNewXgOI/EX9zyHHQJwmcnjkgo1bXVaASF95zp3Z/34ekGuGeWbG" +
		"ZTMYmXDSbUoSmZaF39jSCgP3iZt/NkqE6+4vRKDg2jaoBstx5A5zO29EaC/S+Ta2zXs/LMHC8bbNhQsMR+cDkrNi5EhMguc/OMWQ3zTkC6LjMfBksHSEhv7iyDyajn9R" +
		"0fAEzc3PbrdolzXVQrhY1qhdurMtsFDU3nL1njIqbJHSE6xUapeeVUreJJ0egz5eCpX5c0gSqrQJsX2conJBDw==",
	"POST&/sessions?Q&eyJjbGllbnRfc2Vzc2lvbl90b2tlbl90dGwiOjkwMH0=": "aLB3ngyAEblRCoo8YGnnn2OYcjSR/6MQmv8zvbtscO0dYMLUSyzOZeIuQykumqR+3avxtHkQZCI3k+V44Tfb5YaLpY7SgwRb9vqdc6WxFY7EUwkv24WQW/7+lHwlRkSA" +
		"6INZfPFqct5VSU77SJ4+nBES+Xjo/vp6BhPfdysresjCjwvVXuQlQo/vqRrwYaoGqviDACoy0+ArxtFCNQNR+OGUJ7STCv1G3lP590M5DtUP4yeROBuE0WcGwYObZ79q" +
		"BDq7+MdDN5AbMTW6zz+xu8Gjq5W8m30y1T9XJ7MoQLyTO5AAePVxCYD3peM+kW1FB7z3iKvUEk4+Ks+t4UNHtA==",
}

func vectorKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	number := func(hex string) *big.Int {
		n, ok := new(big.Int).SetString(hex, 16)
		if !ok {
			t.Fatal("a prime is no number")
		}
		return n
	}
	p, q, one := number(vectorP), number(vectorQ), big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: 65537},
		D:         new(big.Int).ModInverse(big.NewInt(65537), phi), Primes: []*big.Int{p, q},
	}
	key.Precompute()
	if err := key.Validate(); err != nil {
		t.Fatal(err)
	}
	return key
}

// The same key and string give the same header for ever.
func TestKnownSignatures(t *testing.T) {
	s := fixedSigner(t)
	s.key = vectorKey(t)
	seen := 0
	for _, v := range checkValues {
		want, ok := vectorSignatures[v.message]
		if !ok {
			continue
		}
		seen++
		if got := signedRequest(t, s, v.method, v.path, v.query, v.body).Header.Get(digestHeader); got != want {
			t.Errorf("%s: the header is %s", v.message, got)
		}
	}
	if seen != len(vectorSignatures) {
		t.Errorf("%d signatures were compared, want %d", seen, len(vectorSignatures))
	}
}
