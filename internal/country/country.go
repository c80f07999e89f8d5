// Package country reads the country notations that identity documents and vendors use and gives ISO 3166-1.
package country

import "strings"

// Country is one row of ISO 3166-1.
type Country struct {
	Alpha2, Alpha3 string
	Name           string
}

// aliases are notations that are in use but not in the standard. Only those are listed that name one country
// without doubt: the machine-readable zone's D, the road sign style codes of the European Union, and Kosovo, which has a
// user-assigned code. The zone's GBD, GBN, GBO, GBP and GBS say more than a country (a class of nationality), so they
// are left as they are.
var aliases = map[string]string{
	"D":   "DEU",
	"UK":  "GBR",
	"EL":  "GRC",
	"RKS": "XKX",
	"KOS": "XKX",

	"UNITED STATES OF AMERICA": "USA",
	"GREAT BRITAIN":            "GBR",
	"UNITED KINGDOM OF GREAT BRITAIN AND NORTHERN IRELAND": "GBR",
	"RUSSIAN FEDERATION":         "RUS",
	"REPUBLIC OF KOREA":          "KOR",
	"CZECH REPUBLIC":             "CZE",
	"TURKEY":                     "TUR",
	"IVORY COAST":                "CIV",
	"VIET NAM":                   "VNM",
	"THE NETHERLANDS":            "NLD",
	"HOLY SEE":                   "VAT",
	"ISLAMIC REPUBLIC OF IRAN":   "IRN",
	"IRAN (ISLAMIC REPUBLIC OF)": "IRN",
	"SYRIAN ARAB REPUBLIC":       "SYR",
	"REPUBLIC OF MOLDOVA":        "MDA",
	"SWAZILAND":                  "SWZ",
	"CAPE VERDE":                 "CPV",
	"MACEDONIA":                  "MKD",
	"BURMA":                      "MMR",
	"HONG KONG SAR CHINA":        "HKG",
}

// kosovo is not in the standard; vendors use the user-assigned codes.
var kosovo = Country{"XK", "XKX", "Kosovo"}

var index = build()

func build() map[string]*Country {
	m := make(map[string]*Country, 3*len(table)+len(aliases)+3)
	add := func(c *Country) {
		m[c.Alpha2], m[c.Alpha3], m[fold(c.Name)] = c, c, c
	}
	for i := range table {
		add(&table[i])
	}
	add(&kosovo)
	for k, a3 := range aliases {
		m[k] = m[a3]
	}
	return m
}

// fold upper-cases, trims, and makes one space of any run of white space. The machine-readable zone's fillers go too.
func fold(s string) string {
	return strings.Join(strings.Fields(strings.ToUpper(strings.TrimRight(strings.TrimSpace(s), "<"))), " ")
}

// Lookup finds the country of an alpha-2 or alpha-3 code or a common English name, in any case.
func Lookup(notation string) (Country, bool) {
	c, ok := index[fold(notation)]
	if !ok {
		return Country{}, false
	}
	return *c, true
}

// Alpha3 is the ISO 3166-1 alpha-3 code of a notation. What names no country gives "", false: the caller keeps the
// vendor's own text then, and nothing is guessed.
func Alpha3(notation string) (string, bool) {
	c, ok := Lookup(notation)
	return c.Alpha3, ok
}

// Alpha2 is the ISO 3166-1 alpha-2 code of a notation, as Alpha3.
func Alpha2(notation string) (string, bool) {
	c, ok := Lookup(notation)
	return c.Alpha2, ok
}

// All gives the rows of the standard, ordered by alpha-2 code. The caller owns the slice.
func All() []Country {
	return append([]Country(nil), table...)
}
