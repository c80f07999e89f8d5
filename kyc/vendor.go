package kyc

// Vendor names an identity-verification vendor.
type Vendor string

// The vendors that this module speaks to.
const (
	Jumio    Vendor = "jumio"
	Transmit Vendor = "transmit"
	Didit    Vendor = "didit"
	Yoti     Vendor = "yoti"
)

// Known tells whether v is a vendor of this module.
func (v Vendor) Known() bool {
	switch v {
	case Jumio, Transmit, Didit, Yoti:
		return true
	default:
		return false
	}
}
