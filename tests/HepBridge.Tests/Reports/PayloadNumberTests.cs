using System.Globalization;
using System.Text;
using HepBridge.Masking;
using HepBridge.Reports;

namespace HepBridge.Tests.Reports;

public sealed class PayloadNumberTests
{
    [Fact]
    public void Decimal_numbers_have_at_most_three_places_and_no_trailing_zeros()
    {
        Random random = new(3);
        double[] some = [0, -0.0, 1, -1, 0.5, -0.5, 0.05, 0.005, 0.0005, -0.0004, 4.5, 4.41, 4.409, 99.9995, 123456.789, 999_999_999_999.5, 1e12, 1.5e15, -1e18];
        foreach (double value in some.Concat(Enumerable.Range(0, 10_000).Select(i => (random.NextDouble() - 0.5) * Math.Pow(10, i % 13))))
        {
            double rounded = Math.Round(value, 3, MidpointRounding.AwayFromZero);
            string expected = rounded == 0 ? "0" : rounded.ToString("0.###", CultureInfo.InvariantCulture);
            Assert.Equal(expected, Written(value));
        }
    }

    [Fact]
    public void A_number_that_does_not_fit_overflows()
    {
        for (int room = 0; room < 6; room++)
        {
            PayloadWriter writer = new(new byte[room], int.MaxValue, ValueMask.Default);
            writer.Number(-12.34);
            Assert.True(writer.Overflowed);
        }
    }

    private static string Written(double value)
    {
        byte[] buffer = new byte[64];
        PayloadWriter writer = new(buffer, int.MaxValue, ValueMask.Default);
        writer.Number(value);
        return Encoding.ASCII.GetString(buffer, 0, writer.Length);
    }
}
